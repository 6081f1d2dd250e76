{{/* A game's own chart, which has okg-sidecar as a dependency, includes okg-sidecar.pod, .container, .volumes and .annotations with
     this chart's context: (index .Subcharts "okg-sidecar"). docs/helm.md has an example. */}}

{{/* All that is made is named by the release, and by the alias of a dependency, so that a namespace takes several. */}}
{{- define "okg-sidecar.name" -}}
{{- printf "%s-%s" .Release.Name (trimPrefix "okg-" .Chart.Name) -}}
{{- end }}

{{- define "okg-sidecar.exampleName" -}}
{{- printf "%s-hot-update-gs" (.Release.Name | trunc 38 | trimSuffix "-") -}}
{{- end }}

{{- define "okg-sidecar.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (include "okg-sidecar.name" .) -}}
{{- end }}

{{- define "okg-sidecar.configName" -}}
{{- printf "%s-config" (include "okg-sidecar.name" .) -}}
{{- end }}

{{/* The release tags its image with v and its version. */}}
{{- define "okg-sidecar.image" -}}
{{- $tag := .Values.image.tag | default (printf "v%s" .Chart.AppVersion) -}}
{{- with .Values.image -}}
{{- if .registry }}{{ .registry }}/{{ end }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ $tag }}{{ end }}
{{- end -}}
{{- end }}

{{- define "okg-sidecar.resultNamespace" -}}
{{- .Values.results.namespace | default .Release.Namespace -}}
{{- end }}

{{- define "okg-sidecar.resultName" -}}
{{- .Values.results.name | default (printf "%s-result" (include "okg-sidecar.name" .)) -}}
{{- end }}

{{/* The names of all result ConfigMaps, as a YAML list. */}}
{{- define "okg-sidecar.resultNames" -}}
{{- $name := include "okg-sidecar.resultName" . -}}
- {{ $name }}
{{- $shards := int .Values.results.shards }}
{{- if gt $shards 1 }}
{{- range until $shards }}
- {{ $name }}-{{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* storageConfig of config.yaml, as JSON. */}}
{{- define "okg-sidecar.storage" -}}
{{- $results := .Values.results -}}
{{- $inKube := dict -}}
{{- $namespace := include "okg-sidecar.resultNamespace" . -}}
{{- $name := include "okg-sidecar.resultName" . -}}
{{- /* The sidecar's own defaults are left out. */ -}}
{{- if not (and (eq $namespace "kube-system") (eq $name "sidecar-result")) -}}
{{- $_ := set $inKube "configMap" (dict "namespace" $namespace "name" $name) -}}
{{- end -}}
{{- with $results.annotationKey }}{{ $_ := set $inKube "annotationKey" . }}{{ end -}}
{{- with $results.labelKey }}{{ $_ := set $inKube "labelKey" . }}{{ end -}}
{{- if gt (int $results.shards) 1 }}{{ $_ := set $inKube "shards" (int $results.shards) }}{{ end -}}
{{- if ne $results.format "json" }}{{ $_ := set $inKube "resultFormat" $results.format }}{{ end -}}
{{- $storage := dict "type" $results.type -}}
{{- if eq $results.type "InKube" }}{{ $_ := set $storage "inKube" $inKube }}{{ end -}}
{{- $storage | toJson -}}
{{- end }}

{{/* config.yaml: .Values.config, with storageConfig put in, and where the game's folder and the state are on the volume. */}}
{{- define "okg-sidecar.config" -}}
{{- $facts := include "okg-sidecar.facts" . | fromJson -}}
{{- $storage := include "okg-sidecar.storage" . | fromJson -}}
plugins:
{{- range .Values.config.plugins }}
{{- $folders := dict -}}
{{- if and $.Values.sidecar.subPath (not $facts.fileDir) -}}
{{- $_ := set $folders "fileDir" (printf "/app/volume/%s" $.Values.sidecar.subPath) -}}
{{- if not $facts.stateDir }}{{ $_ := set $folders "stateDir" "/app/volume/state" }}{{ end -}}
{{- end }}
  - name: {{ .name }}
    {{- with .bootOrder }}
    bootOrder: {{ . }}
    {{- end }}
    config:
      {{- mergeOverwrite $folders (deepCopy (.config | default dict)) (dict "storageConfig" $storage) | toYaml | nindent 6 }}
{{- end }}
{{- with omit .Values.config "plugins" }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* One probe: (dict "facts" … "path" "/readyz"). With exec the program asks itself. */}}
{{- define "okg-sidecar.probe" -}}
{{- if eq .facts.probe "exec" -}}
exec:
  command: [okg-sidecar, health{{ if eq .path "/readyz" }}, --ready{{ end }}]
timeoutSeconds: 5
{{- else -}}
httpGet:
  path: {{ .path }}
  port: hot-update-port
  {{- if eq .facts.probe "HTTPS" }}
  scheme: HTTPS
  {{- end }}
timeoutSeconds: 2
{{- end -}}
{{- end }}

{{/* What the pod needs besides, for its spec. */}}
{{- define "okg-sidecar.pod" -}}
serviceAccountName: {{ include "okg-sidecar.serviceAccountName" . }}
# The token is mounted in the sidecar alone: the game has no business with the API server.
automountServiceAccountToken: false
shareProcessNamespace: true
{{- /* A service account that the chart makes has them. */ -}}
{{- if and .Values.image.pullSecrets (not .Values.serviceAccount.create) }}
imagePullSecrets:
  {{- range .Values.image.pullSecrets }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{/* For the pod's annotations: another configuration makes other pods, as it is read at start alone. */}}
{{- define "okg-sidecar.annotations" -}}
okg-sidecar.io/config-sha256: {{ include "okg-sidecar.config" . | sha256sum }}
{{- end }}

{{/* One container, for a pod's list of containers, or of initContainers with sidecar.nativeSidecar. */}}
{{- define "okg-sidecar.container" -}}
{{- include "okg-sidecar.check" . -}}
{{- $facts := include "okg-sidecar.facts" . | fromJson -}}
{{- $sidecar := .Values.sidecar -}}
- name: sidecar
  image: {{ include "okg-sidecar.image" . | quote }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  {{- if $sidecar.nativeSidecar }}
  restartPolicy: Always
  {{- end }}
  {{- if ne $facts.listens "loopback" }}
  ports:
    - name: hot-update-port
      containerPort: {{ $facts.port }}
      protocol: TCP
  {{- end }}
  env:
    - name: POD_NAME
      valueFrom:
        fieldRef:
          fieldPath: metadata.name
    - name: POD_NAMESPACE
      valueFrom:
        fieldRef:
          fieldPath: metadata.namespace
    {{- with $sidecar.env }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $sidecar.envFrom }}
  envFrom:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if $sidecar.nativeSidecar }}
  # The game is started when the latest content is in place; it waits for as long as that takes (a day).
  startupProbe:
    {{- include "okg-sidecar.probe" (dict "facts" $facts "path" "/readyz") | nindent 4 }}
    periodSeconds: 1
    failureThreshold: 86400
  {{- end }}
  livenessProbe:
    {{- include "okg-sidecar.probe" (dict "facts" $facts "path" "/healthz") | nindent 4 }}
    periodSeconds: 10
  readinessProbe:
    {{- include "okg-sidecar.probe" (dict "facts" $facts "path" "/readyz") | nindent 4 }}
    periodSeconds: 5
  resources:
    {{- toYaml $sidecar.resources | nindent 4 }}
  securityContext:
    {{- toYaml $sidecar.securityContext | nindent 4 }}
  volumeMounts:
    {{- include "okg-sidecar.mounts" (dict "context" . "facts" $facts) | nindent 4 }}
{{- end }}

{{- define "okg-sidecar.mounts" -}}
{{- $sidecar := .context.Values.sidecar -}}
- name: sidecar-config
  mountPath: /opt/sidecar
  readOnly: true
{{- if include "okg-sidecar.needsApi" .context }}
- name: sidecar-token
  mountPath: /var/run/secrets/kubernetes.io/serviceaccount
  readOnly: true
{{- end }}
- name: {{ $sidecar.sharedVolume }}
  mountPath: /app/{{ ternary "volume" "downloads" (ne $sidecar.subPath "") }}
{{- with $sidecar.subPath }}
# For a config.yaml without fileDir.
- name: {{ $sidecar.sharedVolume }}
  mountPath: /app/downloads
  subPath: {{ . }}
{{- end }}
{{- $fileDir := .facts.fileDir | trimSuffix "/" }}
{{- if and $fileDir (not (include "okg-sidecar.isMounted" (list .context $fileDir))) }}
# fileDir of config.yaml.
- name: {{ $sidecar.sharedVolume }}
  mountPath: {{ $fileDir }}
  {{- with $sidecar.subPath }}
  subPath: {{ . }}
  {{- end }}
{{- end }}
{{- if $sidecar.orders }}
- name: orders
  mountPath: /etc/okg-sidecar
  readOnly: true
{{- end }}
{{- range $index, $secret := $sidecar.secrets }}
- name: sidecar-secret-{{ $index }}
  mountPath: {{ $secret.mountPath }}
  readOnly: true
{{- end }}
{{- with $sidecar.volumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The sidecar's own volumes, for a pod's list of volumes. The shared one is the game's. */}}
{{- define "okg-sidecar.volumes" -}}
{{- $sidecar := .Values.sidecar -}}
- name: sidecar-config
  configMap:
    name: {{ include "okg-sidecar.configName" . }}
{{- if $sidecar.orders }}
# What the pod's annotation orders, and its labels: docs/fleet.md.
- name: orders
  downwardAPI:
    items:
      - path: desired
        fieldRef:
          fieldPath: metadata.annotations['okg-sidecar.io/desired']
      - path: labels
        fieldRef:
          fieldPath: metadata.labels
{{- end }}
{{- if include "okg-sidecar.needsApi" . }}
# What automountServiceAccountToken would mount in every container, for the sidecar alone.
- name: sidecar-token
  projected:
    sources:
      - serviceAccountToken:
          path: token
          expirationSeconds: 3607
      - configMap:
          name: kube-root-ca.crt
          items:
            - key: ca.crt
              path: ca.crt
      - downwardAPI:
          items:
            - path: namespace
              fieldRef:
                fieldPath: metadata.namespace
{{- end }}
{{- range $index, $secret := $sidecar.secrets }}
- name: sidecar-secret-{{ $index }}
  secret:
    secretName: {{ $secret.secretName }}
    # For the pod's fsGroup, and nobody else.
    defaultMode: 0440
    {{- with $secret.items }}
    items:
      {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end }}
{{- with $sidecar.volumes }}
{{ toYaml . }}
{{- end }}
{{- end }}
