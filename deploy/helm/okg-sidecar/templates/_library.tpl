{{/* A game's own chart, which has okg-sidecar as a dependency, includes okg-sidecar.container and okg-sidecar.volumes with this
     chart's context: (index .Subcharts "okg-sidecar"). docs/helm.md has an example. */}}

{{- define "okg-sidecar.image" -}}
{{- with .Values.image -}}
{{- if .registry }}{{ .registry }}/{{ end }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag }}{{ end }}
{{- end -}}
{{- end }}

{{- define "okg-sidecar.resultNamespace" -}}
{{- .Values.results.namespace | default .Release.Namespace -}}
{{- end }}

{{/* The names of all result ConfigMaps, as a YAML list. */}}
{{- define "okg-sidecar.resultNames" -}}
- {{ .Values.results.name }}
{{- $shards := int .Values.results.shards }}
{{- if gt $shards 1 }}
{{- range until $shards }}
- {{ $.Values.results.name }}-{{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* config.yaml: .Values.config, with storageConfig put in, and where the game's folder and the state are on the volume. */}}
{{- define "okg-sidecar.config" -}}
{{- $results := .Values.results -}}
{{- $inKube := dict "configMap" (dict "namespace" (include "okg-sidecar.resultNamespace" .) "name" $results.name) -}}
{{- with $results.annotationKey }}{{ $_ := set $inKube "annotationKey" . }}{{ end -}}
{{- with $results.labelKey }}{{ $_ := set $inKube "labelKey" . }}{{ end -}}
{{- if gt (int $results.shards) 1 }}{{ $_ := set $inKube "shards" (int $results.shards) }}{{ end -}}
{{- if ne $results.format "json" }}{{ $_ := set $inKube "resultFormat" $results.format }}{{ end -}}
{{- $config := deepCopy .Values.config -}}
{{- range $config.plugins -}}
{{- $own := .config | default dict -}}
{{- $folders := dict -}}
{{- if and $.Values.sidecar.subPath (not (hasKey $own "fileDir")) -}}
{{- $folders = dict "fileDir" (printf "/app/volume/%s" $.Values.sidecar.subPath) "stateDir" "/app/volume/state" -}}
{{- end -}}
{{- $_ := set . "config" (mergeOverwrite $folders $own (dict "storageConfig" (dict "type" "InKube" "inKube" $inKube))) -}}
{{- end -}}
{{- toYaml $config -}}
{{- end }}

{{/* One container, for a pod's list of containers, or of initContainers with sidecar.nativeSidecar. */}}
{{- define "okg-sidecar.container" -}}
- name: sidecar
  image: {{ include "okg-sidecar.image" . | quote }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  {{- if .Values.sidecar.nativeSidecar }}
  restartPolicy: Always
  {{- end }}
  ports:
    - name: hot-update-port
      containerPort: 5000
      protocol: TCP
  env:
    - name: POD_NAME
      valueFrom:
        fieldRef:
          fieldPath: metadata.name
    - name: POD_NAMESPACE
      valueFrom:
        fieldRef:
          fieldPath: metadata.namespace
  {{- if .Values.sidecar.nativeSidecar }}
  # The game is started when the latest content is in place; it waits for as long as that takes (a day).
  startupProbe:
    httpGet:
      path: /readyz
      port: hot-update-port
    periodSeconds: 1
    timeoutSeconds: 2
    failureThreshold: 86400
  {{- end }}
  livenessProbe:
    httpGet:
      path: /healthz
      port: hot-update-port
    periodSeconds: 10
    timeoutSeconds: 2
  readinessProbe:
    httpGet:
      path: /readyz
      port: hot-update-port
    periodSeconds: 5
    timeoutSeconds: 2
  resources:
    {{- toYaml .Values.sidecar.resources | nindent 4 }}
  securityContext:
    {{- toYaml .Values.sidecar.securityContext | nindent 4 }}
  volumeMounts:
    - name: sidecar-config
      mountPath: /opt/sidecar
      readOnly: true
    - name: sidecar-token
      mountPath: /var/run/secrets/kubernetes.io/serviceaccount
      readOnly: true
    - name: {{ .Values.sidecar.sharedVolume }}
      mountPath: /app/{{ ternary "volume" "downloads" (ne .Values.sidecar.subPath "") }}
    {{- with .Values.sidecar.subPath }}
    # For a config.yaml without fileDir.
    - name: {{ $.Values.sidecar.sharedVolume }}
      mountPath: /app/downloads
      subPath: {{ . }}
    {{- end }}
    - name: orders
      mountPath: /etc/okg-sidecar
      readOnly: true
{{- end }}

{{/* The sidecar's own volumes, for a pod's list of volumes. The shared one is the game's. */}}
{{- define "okg-sidecar.volumes" -}}
- name: sidecar-config
  configMap:
    name: sidecar-config
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
