"""Lighthouse on the four pages that matter most, in a throw-away demo city: `make lighthouse`.

Prints a table and ends with 1 where a category is below the least. The median of three runs counts, for speed varies.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.lighthouse.city import Page, city

HERE = Path(__file__).parent
LEAST = 98
RUNS = 3
TRIES = 3  # on a busy machine a trace of the browser is lost now and then
PATIENCE = 180  # seconds
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing that Chromium would ask of the world on its own account.
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"


@dataclass(frozen=True)
class Result:
    """The scores of one page, 0 to 100, and the audits that are not full marks."""

    page: Page
    scores: dict[str, int]
    lacks: list[str]

    @property
    def good(self) -> bool:
        return min(self.scores.values()) >= LEAST


def main() -> int:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None or shutil.which("npm") is None:
        print("This needs Chromium, Node 18.16 or newer and npm: apt-get install chromium nodejs npm", file=sys.stderr)
        return 1
    _install()
    with city() as pages, tempfile.TemporaryDirectory() as folder:
        results = [_judged(page, browser, Path(folder)) for page in pages]
    print(_table(results))
    return 0 if all(result.good for result in results) else 1


def _install() -> None:
    """By the lock, whenever it is newer than what is installed."""
    installed = HERE / "node_modules" / ".package-lock.json"
    lock = HERE / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        print("· Installing Lighthouse", flush=True)
        subprocess.run(["npm", "ci", "--no-progress", "--loglevel=error"], cwd=HERE, check=True)
        installed.touch()


def _judged(page: Page, browser: str, folder: Path) -> Result:
    print(f"· {page.name}", flush=True)
    reports = [_report(page, browser, folder / f"{number}.json") for number in range(RUNS)]
    scores = {
        category: round(100 * statistics.median(_score(report, category, page) for report in reports))
        for category in CATEGORIES
    }
    return Result(page, scores, _lacks(reports[-1], page))


def _report(page: Page, browser: str, out: Path) -> dict[str, Any]:
    command = [
        "node_modules/.bin/lighthouse",
        page.url,
        "--quiet",
        "--output=json",
        f"--output-path={out}",
        f"--chrome-flags={FLAGS}",
        f"--only-categories={','.join(CATEGORIES)}",
        *([f"--extra-headers={json.dumps({'Cookie': page.cookie})}"] if page.cookie else []),
        *(["--preset=desktop"] if page.desktop else []),
        *([f"--skip-audits={','.join(page.skipped)}"] if page.skipped else []),
    ]
    environment = {
        "CHROME_PATH": browser,
        "PATH": f"{Path(shutil.which('node') or '').parent}:/usr/bin:/bin",
        "HOME": str(out.parent),
    }
    for tries_left in reversed(range(TRIES)):
        ran = subprocess.run(
            command, check=False, cwd=HERE, env=environment, capture_output=True, text=True, timeout=PATIENCE
        )
        if ran.returncode == 0:
            break
        if not tries_left:
            raise RuntimeError(f"Lighthouse failed on {page.name}: {ran.stderr.strip()}")
    report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    shown = report["finalDisplayedUrl"]
    if shown != page.url:
        raise RuntimeError(f"{page.name} led elsewhere: {shown}")
    return report


def _score(report: dict[str, Any], category: str, page: Page) -> float:
    score = report["categories"][category]["score"]
    if score is None:
        raise RuntimeError(f"{page.name} has no score for {category}: {report.get('runtimeError')}")
    return float(score)


def _lacks(report: dict[str, Any], page: Page) -> list[str]:
    counted = {ref["id"] for name in CATEGORIES for ref in report["categories"][name]["auditRefs"] if ref["weight"]}
    audits = (report["audits"][name] for name in sorted(counted - set(page.skipped)))
    return [
        f"{audit['id']} {audit['score']}" for audit in audits if audit["score"] is not None and audit["score"] < 0.9
    ]


def _table(results: list[Result]) -> str:
    wide = max(len(result.page.name) for result in results)
    lines = [" " * wide + "".join(f"{category:>16}" for category in CATEGORIES)]
    for result in results:
        lines.append(f"{result.page.name:<{wide}}" + "".join(f"{result.scores[each]:>16}" for each in CATEGORIES))
        lines += [f"    {lack}" for lack in result.lacks]
    private = ", ".join(result.page.name for result in results if result.page.skipped)
    lines.append(f"{private}: without is-crawlable, since these pages are private and tell search engines so.")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
