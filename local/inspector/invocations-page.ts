import type { Recorder } from '../contract.ts';
import { stories } from './history.ts';
import type { CallInStory, InvocationStory } from './history.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

const shown = 60;

export function invocationsPage(
  recorder: Recorder,
  functionNames: readonly string[],
  functionName: string | undefined,
): Html {
  const found = stories(recorder, { functionName, limit: shown });
  return html`<form method="get" action="/__local">
      <input type="hidden" name="tab" value="invocations" />
      <label
        >Function
        <select name="function" id="function">
          <option value="">All</option>
          ${functionNames.map((name) => html`<option ${name === functionName && selected}>${name}</option>`)}
        </select>
      </label>
      <button>Show</button>
    </form>
    ${
      found.length === 0
        ? html`<p class="quiet">No invocations recorded.</p>`
        : html`<p class="quiet">Newest first. Times are in milliseconds since the start of the invocation.</p>`
    }
    ${found.map(storyOf)}`;
}

const selected: Html = { markup: 'selected' };

function storyOf(story: InvocationStory): Html {
  const units = [
    story.readUnits > 0 && `${figure(story.readUnits)} read units`,
    story.writeUnits > 0 && `${figure(story.writeUnits)} write units`,
  ].filter((part) => part !== false);
  return html`<details id="invocation-${story.id}">
    <summary>
      <b>${story.functionName}</b>
      <span>${story.trigger}</span>
      <span class="${story.outcome === 'returned' ? 'good' : 'bad'}">${story.outcome}</span>
      <span>${story.durationMs.toFixed(1)} ms</span>
      ${story.cold && html`<span class="warn">cold, ${Math.round(story.initMs ?? 0)} ms initialisation</span>`}
      <span class="quiet">${story.calls.length} calls ${units.join(', ')}</span>
    </summary>
    ${story.calls.length > 0 && callTable(story)}
    ${story.logs.length > 0 && html`<pre>${story.logs.map(readable).join('\n')}</pre>`}
    <p class="quiet">Request <code>${story.id}</code>, environment <code>${story.environmentId}</code></p>
  </details>`;
}

function callTable(story: InvocationStory): Html {
  const length = Math.max(story.durationMs, 0.001);
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Call</th>
          <th>Resource</th>
          <th class="number">Start</th>
          <th class="number">Duration</th>
          <th>Timeline</th>
          <th class="number">Units</th>
          <th>Status</th>
        </tr>
      </thead>
      <tbody>
        ${story.calls.map(
          (call) =>
            html`<tr>
              <td>${call.service}:${call.operation}</td>
              <td><code>${call.resource}</code></td>
              <td class="number">${call.offsetMs.toFixed(1)}</td>
              <td class="number">${call.durationMs.toFixed(1)}</td>
              <td>${lane(call, length)}</td>
              <td class="number">${figure(call.readUnits + call.writeUnits)}</td>
              <td class="${call.status < 400 ? 'good' : 'bad'}">
                ${call.status} ${call.error}
                ${call.fault !== undefined && html`<span class="warn">${call.fault}</span>`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function lane(call: CallInStory, length: number): Html {
  const from = Math.min(100, Math.max(0, (call.offsetMs / length) * 100));
  const width = Math.max(0.5, Math.min(100 - from, (call.durationMs / length) * 100));
  return html`<svg class="lane" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    <rect x="${from.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="6" />
  </svg>`;
}

function figure(units: number): string {
  return units === 0 ? '' : String(Math.round(units * 100) / 100);
}

function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    return JSON.stringify(JSON.parse(line), undefined, 2);
  } catch {
    return line;
  }
}
