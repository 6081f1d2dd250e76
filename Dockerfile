# okg-sidecar's image: the stripped binary, the libraries it needs, CA certificates, time zones, nothing else (no shell either).
# scripts/image builds it; `docker build .` does as well where Debian's image can be pulled.
ARG BASE=docker.io/library/debian:12-slim
# Where the files come from: `build` compiles them here, `prebuilt` takes what scripts/image --binary laid out in dist/image.
ARG FILES=build

FROM ${BASE} AS build
COPY . /source
WORKDIR /source
RUN scripts/setup build \
 && cmake --preset release \
 && cmake --build --preset release --target okg-sidecar \
 && scripts/image-root build/release/okg-sidecar /image-root

FROM scratch AS prebuilt
COPY dist/image /image-root

FROM ${FILES} AS files

FROM scratch
COPY --from=files /image-root /
USER 65532:65532
EXPOSE 5000
ENTRYPOINT ["/usr/bin/okg-sidecar"]
