# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the report looks, in light and dark, on a telephone and on a wide screen. PRIVATE to the collection."""

from __future__ import annotations

STYLE = """
:root { --back: #f3f5f8; --card: #fff; --text: #1d2530; --soft: #556070; --line: #dfe4ea; --good: #1a7f4b;
        --bad: #b3372f; --note: #3b66b0; --blank: #e4e9ef; }
@media (prefers-color-scheme: dark) {
  :root { --back: #14181e; --card: #1e242d; --text: #e8ecf1; --soft: #a3aebb; --line: #323b47; --good: #4cc38a;
          --bad: #f0857c; --note: #8fb4f5; --blank: #2a323d; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; display: grid; gap: 1.25rem; grid-template-columns: minmax(0, 1fr); }
h1 { margin: 0; font-size: clamp(1.6rem, 5vw, 2.4rem); line-height: 1.2; }
h2 { margin: 0; font-size: 1.15rem; }
p { margin: .5rem 0 0; overflow-wrap: anywhere; }
.soft { color: var(--soft); font-weight: 400; }
.warn { color: var(--bad); }
header, .figures, .export, section { background: var(--card); border: 1px solid var(--line); border-radius: .9rem;
  padding: 1.25rem; }
header { border-left: .4rem solid var(--note); }
header.good { border-left-color: var(--good); } header.good h1 { color: var(--good); }
header.bad { border-left-color: var(--bad); } header.bad h1 { color: var(--bad); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1rem; margin: 0; }
.figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.figures dd { margin: 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.figures dt { color: var(--soft); font-size: .875rem; }
.export > summary { display: flex; align-items: center; gap: .6rem; cursor: pointer; }
.export > summary::after { content: "\\25b8"; margin-left: auto; color: var(--soft); }
.export[open] > summary::after { content: "\\25be"; }
.name { display: flex; flex-wrap: wrap; align-items: baseline; column-gap: .6rem; }
.dot { flex: none; width: .8rem; height: .8rem; border-radius: 50%; background: var(--note); }
.dot.good { background: var(--good); } .dot.bad { background: var(--bad); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0 .5rem; }
th { text-align: left; font-weight: 400; color: var(--soft); padding: .2rem 2rem .2rem 0; }
td { text-align: right; font-variant-numeric: tabular-nums; font-weight: 600; }
details details { border-top: 1px solid var(--line); padding: .6rem 0; }
details details > summary { cursor: pointer; }
details ul { list-style: none; margin: .5rem 0 0; padding: 0; display: grid; gap: .4rem; }
details li { display: grid; overflow-wrap: anywhere; min-width: 0; }
small { color: var(--soft); }
.cards { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; gap: 1rem;
         grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); }
.cards li { display: grid; min-width: 0; align-content: start; }
.cards strong { overflow-wrap: anywhere; margin-top: .4rem; line-height: 1.3; }
.cards img, .blank { width: 100%; aspect-ratio: 4 / 3; object-fit: cover; border-radius: .5rem;
  background: var(--blank); }
"""
