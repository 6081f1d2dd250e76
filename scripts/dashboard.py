#!/usr/bin/env python3
"""Writes the Grafana dashboards of deploy/monitoring, in English and Chinese, from the panels below. Usage: dashboard.py [FOLDER]"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
POD = '{namespace=~"$namespace",pod=~"$pod"}'
# Rows of panels: (kind, unit, (English title, Chinese title), [(expression, legend)]); SEL stands for the chosen pods.
ROWS = [
    (("Is everything well?", "是否正常"), [
        ("stat", "none", ("Ready pods", "就绪的 pod"), [("sum(okg_sidecar_readySEL)", "")]),
        ("stat", "none", ("Pods not ready", "未就绪的 pod"), [("count(okg_sidecar_readySEL == 0) or vector(0)", "")]),
        ("stat", "none", ("Missing files", "缺失的文件"), [("sum(okg_hot_update_missing_filesSEL)", "")]),
        ("stat", "none", ("Files to revert", "待恢复的文件"), [("sum(okg_hot_update_files_to_revertSEL)", "")]),
        ("stat", "none", ("Results not recorded", "未写入的结果"), [("sum(okg_hot_update_records_pendingSEL)", "")]),
        ("stat", "s", ("Since the last success", "距上次成功"),
         [("time() - max(okg_hot_update_last_success_timestamp_secondsSEL)", "")]),
    ]),
    (("Updates", "更新"), [
        ("table", "none", ("Versions that are live", "线上版本"), [("count by (path, version) (okg_hot_update_live_infoSEL)", "")]),
        ("timeseries", "none", ("Updates by result", "更新结果"),
         [("sum by (result) (increase(okg_hot_update_updates_totalSEL[$__rate_interval]))", "{{result}}")]),
        ("timeseries", "none", ("Failures by stage and reason", "失败：阶段与原因"),
         [("sum by (stage, reason) (increase(okg_hot_update_failures_totalSEL[$__rate_interval]))", "{{stage}} {{reason}}")]),
        ("timeseries", "s", ("Seconds of each stage", "各阶段耗时"),
         [("histogram_quantile(0.5, sum by (le, stage) (rate(okg_hot_update_stage_seconds_bucketSEL[$__rate_interval])))", "{{stage}} p50"),
          ("histogram_quantile(0.95, sum by (le, stage) (rate(okg_hot_update_stage_seconds_bucketSEL[$__rate_interval])))", "{{stage}} p95")]),
        ("timeseries", "none", ("In progress and queued", "进行中与排队"),
         [("sum(okg_hot_update_in_progressSEL)", "in progress"), ("sum(okg_hot_update_queue_lengthSEL)", "queued"),
          ("sum(okg_hot_update_queue_limitSEL)", "limit")]),
        ("timeseries", "percentunit", ("Progress of downloads", "下载进度"), [("okg_hot_update_progress_ratioSEL", "{{pod}}")]),
        ("timeseries", "bytes", ("Bytes of the update in progress", "进行中更新的字节数"),
         [("sum by (pod, count) (okg_hot_update_progress_bytesSEL)", "{{pod}} {{count}}")]),
        ("timeseries", "none", ("Files of the update in progress", "进行中更新的文件数"),
         [("sum by (pod, count) (okg_hot_update_progress_filesSEL)", "{{pod}} {{count}}")]),
        ("timeseries", "Bps", ("Download rate", "下载速率"),
         [("sum by (pod) (rate(okg_hot_update_downloaded_bytes_totalSEL[$__rate_interval]))", "{{pod}}")]),
        ("timeseries", "s", ("Signed URLs expire in", "签名 URL 剩余时间"),
         [("(okg_hot_update_source_expiry_timestamp_secondsSEL > 0) - time()", "{{pod}}")]),
    ]),
    (("Results and the API server", "结果与 API server"), [
        ("timeseries", "reqps", ("API requests by status", "API 请求（按状态码）"),
         [("sum by (code) (rate(okg_sidecar_api_requests_totalSEL[$__rate_interval]))", "{{code}}")]),
        ("timeseries", "percentunit", ("How full the ConfigMaps are", "ConfigMap 用量"),
         [("max by (config_map) (okg_hot_update_config_map_bytesSEL) / 1048576", "{{config_map}}")]),
    ]),
    (("Callers", "调用者"), [
        ("table", "none", ("Who may call", "谁可以调用"), [("count by (mode) (okg_sidecar_authSEL)", "")]),
        ("timeseries", "none", ("Updates taken without credentials", "未经认证就接受的更新"),
         [("sum by (pod) (increase(okg_hot_update_unauthenticated_updates_totalSEL[$__rate_interval]))", "{{pod}}")]),
        ("stat", "none", ("Certificates that do not work", "不可用的证书"), [("sum(okg_sidecar_tls_reload_failedSEL)", "")]),
    ]),
    (("The sidecars", "sidecar 自身"), [
        ("table", "none", ("Releases", "版本分布"), [("count by (version) (okg_sidecar_build_infoSEL)", "")]),
        ("timeseries", "none", ("Plugins that run", "运行中的插件"), [("sum by (plugin) (okg_sidecar_plugin_upSEL)", "{{plugin}}")]),
        ("timeseries", "none", ("Plugin restarts", "插件重启"),
         [("sum by (pod, plugin) (increase(okg_sidecar_plugin_restarts_totalSEL[$__rate_interval]))", "{{pod}} {{plugin}}")]),
        ("timeseries", "bytes", ("Resident memory", "常驻内存"), [("process_resident_memory_bytesSEL", "{{pod}}")]),
        ("timeseries", "percentunit", ("CPU", "CPU"), [("rate(process_cpu_seconds_totalSEL[$__rate_interval])", "{{pod}}")]),
        ("timeseries", "none", ("File descriptors", "文件描述符"), [("process_open_fdsSEL", "{{pod}}")]),
    ]),
]
TITLE = ("okg-sidecar: hot updates", "okg-sidecar：热更新")
VARIABLES = [("namespace", ("Namespace", "命名空间"), "label_values(okg_sidecar_ready, namespace)"),
             ("pod", ("Pod", "pod"), 'label_values(okg_sidecar_ready{namespace=~"$namespace"}, pod)')]
SOURCE = {"type": "prometheus", "uid": "${datasource}"}


def panel(number, place, kind, unit, title, queries, language):
    targets = [{"refId": chr(ord("A") + index), "datasource": SOURCE, "expr": expression.replace("SEL", POD), "legendFormat": legend,
                **({"instant": True, "format": "table"} if kind == "table" else {})}
               for index, (expression, legend) in enumerate(queries)]
    return {"id": number, "type": kind, "title": title[language], "datasource": SOURCE, "gridPos": place, "targets": targets,
            "fieldConfig": {"defaults": {"unit": unit}, "overrides": []}}


def variable(name, title, query, language):
    return {"name": name, "label": title[language], "type": "query", "datasource": SOURCE, "query": query, "refresh": 2,
            "includeAll": True, "multi": True, "allValue": ".*", "current": {"text": "All", "value": "$__all"}}


def dashboard(language):
    panels, y = [], 0
    for title, row in ROWS:
        panels.append({"id": len(panels) + 1, "type": "row", "title": title[language], "collapsed": False, "panels": [],
                       "gridPos": {"x": 0, "y": y, "w": 24, "h": 1}})
        y += 1
        width, height = (4, 4) if row[0][0] == "stat" else (8, 8)
        for index, (kind, unit, name, queries) in enumerate(row):
            place = {"x": index * width % 24, "y": y + index * width // 24 * height, "w": width, "h": height}
            panels.append(panel(len(panels) + 1, place, kind, unit, name, queries, language))
        y += (len(row) * width + 23) // 24 * height
    source = {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Prometheus"}
    return {"uid": "okg-sidecar" + ("-zh" if language else ""), "title": TITLE[language], "tags": ["okg-sidecar"], "schemaVersion": 38,
            "version": 1, "editable": True, "refresh": "30s", "time": {"from": "now-6h", "to": "now"}, "timezone": "browser",
            "templating": {"list": [source, *(variable(*each, language) for each in VARIABLES)]}, "panels": panels}


def as_text(board):
    """JSON with a line for each panel, so that a change shows as one."""
    panels = ",\n".join("  " + json.dumps(each, ensure_ascii=False) for each in board["panels"])
    others = "".join(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)},\n" for key, value in board.items() if key != "panels")
    return "{\n" + others + ' "panels": [\n' + panels + "\n ]\n}\n"


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "deploy/monitoring"
    for language, suffix in enumerate(("", ".zh")):
        (folder / f"dashboard{suffix}.json").write_text(as_text(dashboard(language)))
