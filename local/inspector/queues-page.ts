import { html } from './html.ts';
import type { Html } from './html.ts';
import type { InspectorParts } from './inspector-parts.ts';
import { listQueues, peekMessages } from './queues.ts';
import type { QueueState } from './queues.ts';

export async function queuesPage({ assembly, aws }: InspectorParts): Promise<Html> {
  const queues = await listQueues(assembly, aws);
  if (queues.length === 0) return html`<p class="quiet">The template has no queues.</p>`;
  const parked = queues.filter(({ hasConsumer, visible }) => !hasConsumer && visible > 0);
  const messages = await Promise.all(
    parked.map(async (queue) => ({ queue, found: await peekMessages(assembly, aws, queue.name) })),
  );
  return html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Queue</th>
            <th class="number">Visible</th>
            <th class="number">In flight</th>
            <th class="number">Delayed</th>
            <th>Dead-letter queue of</th>
          </tr>
        </thead>
        <tbody>
          ${queues.map(
            (queue) =>
              html`<tr>
                <td>${queue.name}</td>
                <td class="number ${isAlarming(queue) ? 'bad' : ''}">${queue.visible}</td>
                <td class="number">${queue.inFlight}</td>
                <td class="number">${queue.delayed}</td>
                <td>${queue.deadLettersOf.join(', ')}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${messages.map(
      ({ queue, found }) =>
        html`<h2>${queue.name}</h2>
          ${
            queue.deadLettersOf.length > 0 &&
            html`<form method="post" action="/__local/api/queues/${encodeURIComponent(queue.name)}/redrive">
              <button>Redrive all to ${queue.deadLettersOf[0]}</button>
            </form>`
          }
          ${found.map(
            (message) =>
              html`<details id="message-${message.id}">
                <summary><b>${message.body.slice(0, 100)}</b><span class="quiet">${message.id}</span></summary>
                <pre>${readable(message.body)}</pre>
                <pre class="quiet">
${JSON.stringify({ ...message.messageAttributes, ...message.attributes }, undefined, 2)}</pre>
              </details>`,
          )}`,
    )}`;
}

function isAlarming(queue: QueueState): boolean {
  return queue.deadLettersOf.length > 0 && queue.visible > 0;
}

function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
