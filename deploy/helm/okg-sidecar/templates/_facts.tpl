{{/* What config.yaml means for the pod, as JSON. Keys of config.yaml are read without regard to case.
     port, listens (everywhere, loopback or elsewhere), tls, auth (callers are asked who they are), kubernetesAuth,
     tokenFiles, certificateFile, requireSha256, choosy (not every URL is taken), probe (HTTP, HTTPS or exec), fileDir, stateDir ("" where none is given). */}}
{{- define "okg-sidecar.facts" -}}
{{- $top := include "okg-sidecar.smallKeys" .Values.config | fromJson -}}
{{- $listen := $top.listen | default "5000" | toString -}}
{{- $host := regexReplaceAll ":?[0-9]+$" $listen "" -}}
{{- $listens := ternary "everywhere" "elsewhere" (has $host (list "" "0.0.0.0" "[::]")) -}}
{{- if or (hasPrefix "127." $host) (eq $host "[::1]") }}{{ $listens = "loopback" }}{{ end -}}
{{- $tls := not (empty $top.tls) -}}
{{- $auth := and (not (empty $top.auth)) (ne (toString $top.auth) "none") -}}
{{- $kinds := dict -}}
{{- if kindIs "map" $top.auth }}{{ $kinds = include "okg-sidecar.smallKeys" $top.auth | fromJson }}{{ end -}}
{{- $probe := ternary "HTTPS" "HTTP" $tls -}}
{{- /* Whether the port speaks TLS is said in that file; a probe of the kubelet reaches no other address than the pod's. */ -}}
{{- if or $top.webconfigfile (ne $listens "everywhere") }}{{ $probe = "exec" }}{{ end -}}
{{- $plugin := include "okg-sidecar.smallKeys" (first $top.plugins).config | fromJson -}}
{{- dict "port" (int (regexFind "[0-9]+$" $listen)) "listens" $listens "tls" $tls "auth" $auth "probe" $probe
      "tokenFiles" ($kinds.tokenfiles | default list) "requireSha256" (eq (toString $plugin.requiresha256) "true")
      "choosy" (or (eq (toString $plugin.requirehttps) "true") (not (empty $plugin.allowedsources)) (not (empty $plugin.signature)))
      "certificateFile" ((include "okg-sidecar.smallKeys" $top.tls | fromJson).certificatefile | default "")
      "kubernetesAuth" (hasKey $kinds "kubernetes") "webConfigFile" (not (empty $top.webconfigfile))
      "fileDir" ($plugin.filedir | default "") "stateDir" ($plugin.statedir | default "") | toJson -}}
{{- end }}

{{/* A map with its keys in small letters, as JSON. */}}
{{- define "okg-sidecar.smallKeys" -}}
{{- $small := dict -}}
{{- range $key, $value := . }}{{ $_ := set $small (lower $key) $value }}{{ end -}}
{{- $small | toJson -}}
{{- end }}

{{/* Whether the sidecar talks to the API server: "true" or nothing. */}}
{{- define "okg-sidecar.needsApi" -}}
{{- if or (eq .Values.results.type "InKube") (include "okg-sidecar.facts" . | fromJson).kubernetesAuth }}true{{ end -}}
{{- end }}

{{/* What would be installed and would not work. */}}
{{- define "okg-sidecar.check" -}}
{{- $facts := include "okg-sidecar.facts" . | fromJson -}}
{{- if and .Values.sidecar.nativeSidecar (semverCompare "<1.29.0-0" .Capabilities.KubeVersion.Version) -}}
{{- fail (printf "sidecar.nativeSidecar needs Kubernetes 1.29 or later; this is %s" .Capabilities.KubeVersion.Version) -}}
{{- end -}}
{{- if and (not .Values.serviceAccount.create) (empty .Values.serviceAccount.name) -}}
{{- fail "serviceAccount.create is false: serviceAccount.name has to say which account the game's pods run with" -}}
{{- end -}}
{{- if eq (int $facts.port) 0 }}{{ fail "config.listen: nobody knows a port that is chosen at start; give a number" }}{{ end -}}
{{- $fileDir := $facts.fileDir | trimSuffix "/" -}}
{{- $stateDir := $facts.stateDir | trimSuffix "/" -}}
{{- $stateIsCovered := or (eq (include "okg-sidecar.isMounted" (list . $stateDir)) "true") (hasPrefix (printf "%s/" $fileDir) $stateDir) -}}
{{- if and $stateDir (not $stateIsCovered) -}}
{{- fail (printf "config: stateDir %s is on no volume; sidecar.volumeMounts has to mount it together with fileDir" $stateDir) -}}
{{- end -}}
{{- end }}

{{/* Whether a path is on a volume that the sidecar mounts, but for a mount that is made for fileDir: "true" or nothing. */}}
{{- define "okg-sidecar.isMounted" -}}
{{- $context := first . -}}
{{- $path := last . -}}
{{- $mounts := list "/app/downloads" -}}
{{- if $context.Values.sidecar.subPath }}{{ $mounts = append $mounts "/app/volume" }}{{ end -}}
{{- range $context.Values.sidecar.volumeMounts }}{{ $mounts = append $mounts (trimSuffix "/" .mountPath) }}{{ end -}}
{{- $found := "" -}}
{{- range $mounts }}{{ if or (eq $path .) (hasPrefix (printf "%s/" .) $path) }}{{ $found = "true" }}{{ end }}{{ end -}}
{{- $found -}}
{{- end }}

{{/* The labels of the game's pods, for what selects them: (list context "networkPolicy" or "podMonitor"). */}}
{{- define "okg-sidecar.podSelector" -}}
{{- $context := first . -}}
{{- $own := (index $context.Values (last .)).podSelector -}}
{{- if $own -}}
{{- toYaml $own -}}
{{- else if $context.Values.example.enabled -}}
app: {{ include "okg-sidecar.exampleName" $context }}
{{- else -}}
{{- fail (printf "%s.podSelector has to have the labels of your game's pods" (last .)) -}}
{{- end -}}
{{- end }}

{{/* A command that prints a file of sidecar.secrets: (list context path); nothing where it is of none of them. */}}
{{- define "okg-sidecar.printSecret" -}}
{{- $context := first . -}}
{{- $path := last . -}}
{{- range $context.Values.sidecar.secrets -}}
{{- if and (eq (dir $path) (trimSuffix "/" .mountPath)) (not .items) -}}
kubectl -n {{ $context.Release.Namespace }} get secret {{ .secretName }} -o jsonpath='{.data.{{ base $path | replace "." "\\." }}}' | base64 -d
{{- end -}}
{{- end -}}
{{- end }}
