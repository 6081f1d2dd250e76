# okg-sidecar's image: the stripped binary, the libraries it needs, CA certificates, time zones, nothing else (no shell either).
# scripts/image builds it; `docker build .` does as well where Debian's image can be pulled.
ARG BASE=docker.io/library/debian:12-slim

FROM scratch AS settings
USER 65532:65532
EXPOSE 5000
ENTRYPOINT ["/usr/bin/okg-sidecar"]

# What scripts/image --binary laid out in dist/image, without compiling anything.
FROM settings AS prebuilt
COPY dist/image /

FROM ${BASE} AS build
# On its own, so that a change of the sources does not install the packages again.
COPY scripts/setup scripts/source-library /setup/scripts/
RUN /setup/scripts/setup build
COPY . /source
WORKDIR /source
RUN --mount=type=cache,target=/var/cache/ccache \
    CCACHE_DIR=/var/cache/ccache cmake --preset release \
 && CCACHE_DIR=/var/cache/ccache cmake --build --preset release --parallel "$(nproc)" --target okg-sidecar \
 && scripts/image-root build/release/okg-sidecar /image-root

FROM settings
COPY --from=build /image-root /
