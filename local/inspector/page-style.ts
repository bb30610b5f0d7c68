export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#fbfbfc, #16181d);
  --surface: light-dark(#ffffff, #1e2128);
  --line: light-dark(#dfe2e8, #343944);
  --text: light-dark(#1c2129, #e4e7ed);
  --quiet: light-dark(#5a6373, #9aa3b2);
  --accent: light-dark(#1f5fbf, #7db2ff);
  --good: light-dark(#17713b, #6fd397);
  --bad: light-dark(#b3261e, #ff9a92);
  --warn: light-dark(#8a5a00, #f0c266);
  --bar: light-dark(#9dbbe6, #3f6299);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 14px/1.5 system-ui, sans-serif; }
header { background: var(--surface); border-bottom: 1px solid var(--line); padding: 0.75rem 1.25rem 0; }
header p { margin: 0 0 0.5rem; color: var(--quiet); }
h1 { font-size: 1.1rem; margin: 0; }
h2 { font-size: 1rem; margin: 1.5rem 0 0.5rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem; list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: 0.4rem 0.8rem; border-radius: 6px 6px 0 0; color: var(--text); text-decoration: none; }
nav a:hover { background: var(--ground); }
nav a[aria-current] { border-bottom: 3px solid var(--accent); font-weight: 600; }
main { padding: 0.5rem 1.25rem 3rem; max-width: 90rem; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; background: var(--surface); border: 1px solid var(--line); }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--quiet); white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code, pre { font: 12px/1.45 ui-monospace, monospace; }
pre { margin: 0.25rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
details { background: var(--surface); border: 1px solid var(--line); border-radius: 6px; margin: 0.4rem 0; padding: 0.4rem 0.7rem; }
summary { cursor: pointer; display: flex; gap: 0.75rem; flex-wrap: wrap; align-items: baseline; }
summary::before { content: '▸'; color: var(--quiet); }
details[open] > summary::before { content: '▾'; }
.quiet { color: var(--quiet); }
.good { color: var(--good); }
.bad { color: var(--bad); font-weight: 600; }
.warn { color: var(--warn); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 0.75rem; margin: 1rem 0; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 6px; padding: 0.6rem 0.9rem; }
.card b { display: block; font-size: 1rem; overflow-wrap: anywhere; }
.lane { display: block; width: 100%; min-width: 12rem; height: 0.8rem; margin-top: 0.25rem; background: var(--ground); }
.lane rect { fill: var(--bar); }
form { display: flex; gap: 0.5rem; flex-wrap: wrap; align-items: end; margin: 0.75rem 0; }
label { display: grid; gap: 0.15rem; color: var(--quiet); }
input, select, button { font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--line); border-radius: 6px; padding: 0.3rem 0.6rem; }
input { min-width: 22rem; max-width: 100%; }
input[type=checkbox] { min-width: 0; }
button { cursor: pointer; }
button:hover { border-color: var(--accent); }
.bar { display: flex; gap: 0.5rem; align-items: center; flex-wrap: wrap; }
.bar form { margin: 0; }
`;
