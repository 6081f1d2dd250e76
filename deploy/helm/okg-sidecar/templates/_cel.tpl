{{/* A value of YAML as an expression of CEL: (list value "Object.spec.containers"). A map is an object of that type where each key
     can be the name of a field; else, as the requests of resources, a map whose values may be of several types. */}}
{{- define "okg-sidecar.cel" -}}
{{- $value := first . -}}
{{- $type := last . -}}
{{- $parts := list -}}
{{- $open := "[" -}}
{{- $close := "]" -}}
{{- if kindIs "map" $value -}}
{{- $isObject := true -}}
{{- /* CEL's own words. @source CEL, "Syntax", RESERVED */ -}}
{{- $reserved := splitList " " "as break const continue else false for function if import in let loop namespace null package return true var void while" -}}
{{- range keys $value }}{{ if or (not (regexMatch "^[a-z][A-Za-z0-9]*$" .)) (has . $reserved) }}{{ $isObject = false }}{{ end }}{{ end -}}
{{- $open = ternary (printf "%s{" $type) "{" $isObject -}}
{{- $close = "}" -}}
{{- range $key, $each := $value -}}
{{- $inner := include "okg-sidecar.cel" (list $each (printf "%s.%s" $type $key)) -}}
{{- $parts = append $parts (ternary (printf "%s: %s" $key $inner) (printf "%s: dyn(%s)" (toJson $key) $inner) $isObject) -}}
{{- end -}}
{{- else if kindIs "slice" $value -}}
{{- range $value }}{{ $parts = append $parts (include "okg-sidecar.cel" (list . $type)) }}{{ end -}}
{{- end -}}
{{- if not (or (kindIs "map" $value) (kindIs "slice" $value)) -}}
{{- toJson $value -}}
{{- else -}}
{{- $line := join ", " $parts -}}
{{- if or (contains "\n" $line) (gt (len $line) 70) -}}
{{- $open }}{{ join ",\n" $parts | nindent 2 }}{{ printf "\n%s" $close }}
{{- else -}}
{{- $open }}{{ $line }}{{ $close }}
{{- end -}}
{{- end -}}
{{- end }}
