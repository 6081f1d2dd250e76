"""A real Prometheus on this machine."""

import json
import math
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import yaml

from waiting import free_ports, wait_until


class Prometheus:
    """Scrapes each of `targets` (pod -> port) four times a second, and evaluates `rules` (the text of a file) as often."""

    def __init__(self, folder, targets, rules):
        folder.mkdir()
        [port] = free_ports(1)
        self.base = f"http://127.0.0.1:{port}"
        (folder / "rules.yaml").write_text(rules)
        pods = [{"targets": [f"127.0.0.1:{port}"], "labels": {"namespace": "games", "pod": pod}} for pod, port in targets.items()]
        (folder / "prometheus.yaml").write_text(yaml.safe_dump({
            "global": {"scrape_interval": "250ms", "scrape_timeout": "250ms", "evaluation_interval": "250ms"},
            "rule_files": ["rules.yaml"], "scrape_configs": [{"job_name": "games", "static_configs": pods}]}))
        with open(folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={folder}/prometheus.yaml", f"--storage.tsdb.path={folder}/data",
                 f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"], stderr=log, stdout=log)
        wait_until(self._is_up, "Prometheus answers")

    def _is_up(self):
        try:
            with urllib.request.urlopen(self.base + "/-/ready", timeout=5) as answer:
                return answer.status == 200
        except urllib.error.URLError:
            return False

    def query(self, expression):
        """[(labels, value)], without what is no number."""
        query = urllib.parse.urlencode({"query": expression})
        with urllib.request.urlopen(f"{self.base}/api/v1/query?{query}", timeout=20) as answer:
            result = json.load(answer)["data"]["result"]
        return [(each["metric"], float(each["value"][1])) for each in result if not math.isnan(float(each["value"][1]))]

    def firing(self):
        """The names of the alerts that fire."""
        return {labels["alertname"] for labels, _ in self.query('ALERTS{alertstate="firing"}')}

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
