import { functionFigures } from './history.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { InspectorParts } from './inspector-parts.ts';

export function overviewPage(parts: InspectorParts): Html {
  const { url, socketUrl, aws, assembly } = parts;
  const connections = parts.socketApis.flatMap((api) => api.connections.all());
  const cards: readonly (readonly [string, string | number])[] = [
    ['Pages and HTTP API', url],
    ['WebSocket', socketUrl],
    ['AWS endpoint', aws.url],
    ['Region', assembly.region],
    ['Started in', `${Math.round(parts.startedInMs())} ms`],
    ['Open connections', connections.length],
  ];
  return html`<div class="cards">
      ${cards.map(([name, value]) => html`<div class="card"><span class="quiet">${name}</span><b>${value}</b></div>`)}
    </div>
    ${warnings(parts)}
    <h2>Functions</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Function</th>
            <th class="number">Environments</th>
            <th class="number">Invocations</th>
            <th class="number">Cold</th>
            <th class="number">Failed</th>
            <th class="number">Median</th>
          </tr>
        </thead>
        <tbody>
          ${functionFigures(parts.host, parts.recorder).map(
            (figures) =>
              html`<tr>
                <td><a href="/__local?tab=invocations&function=${figures.name}">${figures.name}</a></td>
                <td class="number">${figures.environments}</td>
                <td class="number">${figures.invocations}</td>
                <td class="number">${figures.cold}</td>
                <td class="number ${figures.unsuccessful > 0 ? 'bad' : ''}">${figures.unsuccessful}</td>
                <td class="number">${figures.medianMs === undefined ? '' : `${figures.medianMs.toFixed(1)} ms`}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${schedules(parts)}
    <h2>Connections</h2>
    ${
      connections.length === 0
        ? html`<p class="quiet">No open connections.</p>`
        : html`<div class="scroll">
            <table>
              <thead>
                <tr>
                  <th>Connection</th>
                  <th>Connected at</th>
                  <th>Last active at</th>
                  <th>Authorizer context</th>
                </tr>
              </thead>
              <tbody>
                ${connections.map(
                  (connection) =>
                    html`<tr>
                      <td><code>${connection.connectionId}</code></td>
                      <td>${clock(connection.connectedAt)}</td>
                      <td>${clock(connection.lastActiveAt)}</td>
                      <td><code>${JSON.stringify(connection.authorizer)}</code></td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }`;
}

function warnings({ lateWork }: InspectorParts): Html {
  const late = lateWork().slice(-20).reverse();
  if (late.length === 0) return html``;
  return html`<h2 class="warn">Unawaited work</h2>
    <ul>
      ${late.map(({ functionName, message }) => html`<li><b>${functionName}</b>: ${message}</li>`)}
    </ul>`;
}

function schedules({ schedules: { all } }: InspectorParts): Html {
  if (all.length === 0) return html``;
  return html`<h2>Schedules</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Schedule</th>
            <th>Expression</th>
            <th>Next run</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${all.map((schedule) => {
            const next = schedule.nextAt();
            return html`<tr>
              <td>${schedule.name}</td>
              <td><code>${schedule.expression}</code></td>
              <td>${next === undefined ? 'never' : new Date(next).toISOString()}</td>
              <td>
                <form method="post" action="/__local/api/schedules/${encodeURIComponent(schedule.name)}/run">
                  <button>Run now</button>
                </form>
              </td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
}

export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}
