import type * as z from 'zod/mini';
import { getConversation } from '../contract/conversations/get-conversation.ts';
import type { QueueQuery } from '../contract/conversations/queue-query.ts';
import { listAgents, updateAgent } from '../contract/desk/agents.ts';
import { assignConversation, transferConversation, unassignConversation } from '../contract/desk/assignment.ts';
import { getCounts } from '../contract/desk/counts.ts';
import { sendForm } from '../contract/desk/forms.ts';
import { createNote } from '../contract/desk/notes.ts';
import {
  acknowledgeConversation,
  closeConversation,
  reopenConversation,
  resolveConversation,
} from '../contract/desk/status.ts';
import { setViewing } from '../contract/receipts/set-viewing.ts';
import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Message } from '../contract/schemas/message.ts';
import type { Accepted } from './answer-of.ts';
import type { ChatClient } from './chat-client.ts';
import { newClientMessageId } from './client-message-id.ts';
import { Emitter, type Unsubscribe } from './emitter.ts';
import { errorOf } from './error-of.ts';
import type { NewMessage } from './outgoing-task.ts';
import { QueueView } from './queue-view.ts';
import { isAlerting, type UrgentAlert } from './queue-view-rules.ts';
import type { SentMessage } from './sent.ts';
import type { ServerEvent } from './server-event.ts';

export type DeskCounts = Accepted<typeof getCounts>;
export type Agent = Accepted<typeof updateAgent>;
export type AgentChange = z.input<(typeof updateAgent)['body']>;
export type FormValues = NonNullable<z.input<(typeof sendForm)['body']>['values']>;
export type Transfer = z.input<(typeof transferConversation)['body']>;

export interface DeskEvents {
  view: QueueView;
  counts: DeskCounts;
  /** A customer needs help urgently. Repeated at each step, until a person acknowledges. */
  urgent: UrgentAlert;
  /** All alerts that no person has acknowledged. */
  alerts: readonly UrgentAlert[];
  /** The id of a conversation that another agent has opened or left. */
  viewers: string;
  error: Error;
}

type StatusRoute =
  | typeof resolveConversation
  | typeof closeConversation
  | typeof reopenConversation
  | typeof acknowledgeConversation
  | typeof unassignConversation;

/** Changes arrive in groups, such as a message and the assignment that follows. */
const settleMs = 300;
/** For events that were lost. */
const refreshMs = 60_000;
/** Agents repeat every 15 seconds that they have a conversation open. */
const viewingMs = 40_000;

/** The work of an agent or admin. Methods that return a promise reject with RefusedError or NetworkError. */
export class Desk {
  readonly #client: ChatClient;
  readonly #emitter = new Emitter<DeskEvents>();
  readonly #views = new Set<QueueView>();
  readonly #alerts = new Map<string, UrgentAlert>();
  readonly #unknown = new Set<string>();
  /** The end of each announcement, in milliseconds since the epoch, by conversation and user. */
  readonly #viewers = new Map<string, ReadonlyMap<string, number>>();
  readonly #stop: readonly Unsubscribe[];
  readonly #refreshTimer: ReturnType<typeof setInterval>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #counts: DeskCounts | undefined;

  constructor(client: ChatClient) {
    this.#client = client;
    this.#stop = [
      client.on('event', (event) => this.#receive(event)),
      client.on('change', () => this.#changed()),
      client.on('connection', (connection) => connection === 'connected' && this.#refresh()),
    ];
    this.#refreshTimer = setInterval(() => this.#refresh(), refreshMs);
  }

  get counts(): DeskCounts | undefined {
    return this.#counts;
  }

  get alerts(): readonly UrgentAlert[] {
    return [...this.#alerts.values()];
  }

  on<Name extends keyof DeskEvents>(name: Name, listener: (event: DeskEvents[Name]) => void): Unsubscribe {
    return this.#emitter.on(name, listener);
  }

  /** A list that stays current until it is closed. */
  async openView(query: QueueQuery): Promise<QueueView> {
    const view = new QueueView(this.#client, query, (changed) => this.#emitter.emit('view', changed));
    await view.refresh();
    this.#views.add(view);
    return view;
  }

  closeView(view: QueueView): void {
    this.#views.delete(view);
  }

  async loadCounts(): Promise<DeskCounts> {
    const counts = await this.#client.request(getCounts);
    if (JSON.stringify(counts) !== JSON.stringify(this.#counts)) this.#emitter.emit('counts', counts);
    this.#counts = counts;
    return counts;
  }

  async agents(): Promise<readonly Agent[]> {
    return (await this.#client.request(listAgents)).items;
  }

  /** Without `agentId`, changes your own record. */
  updateAgent(body: AgentChange, agentId = 'me'): Promise<Agent> {
    return this.#client.request(updateAgent, { params: { agentId }, body });
  }

  setAvailability(availability: Agent['availability'], reason?: string): Promise<Agent> {
    return this.updateAgent({ availability, reason: reason ?? null });
  }

  /** Of two agents who take a conversation at once, one is refused with `ALREADY_ASSIGNED`. */
  async assign(
    conversationId: string,
    agentId: string,
    more: { readonly takeOver?: boolean; readonly force?: boolean } = {},
  ): Promise<Conversation> {
    const body = { agentId, ...more };
    return this.#known(await this.#client.request(assignConversation, { params: { conversationId }, body }));
  }

  async transfer(conversationId: string, transfer: Transfer): Promise<Conversation> {
    const body = { clientMessageId: newClientMessageId(Date.now()), ...transfer };
    const conversation = await this.#client.request(transferConversation, { params: { conversationId }, body });
    // An agent who lost access by the transfer may have received the removal already.
    return this.#client.state.inbox[conversationId] === undefined ? conversation : this.#known(conversation);
  }

  unassign(conversationId: string): Promise<Conversation> {
    return this.#move(unassignConversation, conversationId);
  }

  resolve(conversationId: string): Promise<Conversation> {
    return this.#move(resolveConversation, conversationId);
  }

  close(conversationId: string): Promise<Conversation> {
    return this.#move(closeConversation, conversationId);
  }

  reopen(conversationId: string): Promise<Conversation> {
    return this.#move(reopenConversation, conversationId);
  }

  acknowledge(conversationId: string): Promise<Conversation> {
    return this.#move(acknowledgeConversation, conversationId);
  }

  /** Call it every 15 seconds while the conversation is open, and with `false` when it is closed. */
  setViewing(conversationId: string, viewing: boolean): Promise<unknown> {
    return this.#client.request(setViewing, { params: { conversationId }, body: { viewing } });
  }

  /** The ids of the other agents who have the conversation open. */
  viewersOf(conversationId: string, now = Date.now()): readonly string[] {
    return [...(this.#viewers.get(conversationId) ?? [])].flatMap(([userId, until]) => (until > now ? [userId] : []));
  }

  /** Only agents see notes. */
  note(conversationId: string, text: string, mentions: readonly string[] = []): Promise<Message> {
    const clientMessageId = newClientMessageId(this.#client.internals.clock.now());
    const body = { text, clientMessageId, ...(mentions.length === 0 ? {} : { mentions: [...mentions] }) };
    return this.#client.request(createNote, { params: { conversationId }, body });
  }

  /**
   * Replies to what the open conversation shows. If a colleague has replied since, the message fails with
   * `NEWER_REPLY`: show the colleague’s reply, and call `replyAnyway` once the agent confirms.
   */
  reply(conversationId: string, message: string | NewMessage): SentMessage {
    const content = typeof message === 'string' ? { type: 'text' as const, text: message } : message;
    const seenSeq = this.#client.timeline(conversationId)?.ranges[0]?.through;
    return this.#client.messages.send(conversationId, seenSeq === undefined ? content : { ...content, seenSeq });
  }

  /**
   * Sends the form of a template. If a colleague has replied since, it is refused with `NEWER_REPLY`, unless the agent
   * has `confirmed`.
   */
  sendForm(
    conversationId: string,
    templateId: string,
    { values, confirmed = false }: { readonly values?: FormValues; readonly confirmed?: boolean } = {},
  ): Promise<Message> {
    const seenSeq = confirmed ? undefined : this.#client.timeline(conversationId)?.ranges[0]?.through;
    const body = {
      ...{ templateId, clientMessageId: newClientMessageId(this.#client.internals.clock.now()) },
      ...(values === undefined ? {} : { values }),
      ...(seenSeq === undefined ? {} : { seenSeq }),
    };
    return this.#client.request(sendForm, { params: { conversationId }, body });
  }

  /** Sends a reply that was refused with `NEWER_REPLY`. Undefined if there is no such reply. */
  replyAnyway(conversationId: string, localId: string): SentMessage | undefined {
    const { messages } = this.#client;
    const refused = messages.pending(conversationId).find((pending) => pending.localId === localId);
    if (refused?.task.kind !== 'message' || refused.problem?.code !== 'NEWER_REPLY') return undefined;
    const { seenSeq: _, ...message } = refused.task.message;
    messages.discard(conversationId, localId);
    return messages.send(conversationId, message);
  }

  /** Stops the updates, and keeps the client. */
  stop(): void {
    for (const stop of this.#stop) stop();
    clearInterval(this.#refreshTimer);
    clearTimeout(this.#timer);
    this.#views.clear();
  }

  async #move(route: StatusRoute, conversationId: string): Promise<Conversation> {
    return this.#known(await this.#client.request(route, { params: { conversationId } }));
  }

  #known(conversation: Conversation): Conversation {
    this.#client.follow([conversation]);
    return conversation;
  }

  #receive(event: ServerEvent): void {
    if (event.type === 'viewing.started' || event.type === 'viewing.stopped') this.#receiveViewer(event);
    if (event.type === 'urgent.raised') {
      const { conversationId, data } = event;
      const alert = { conversationId, raisedAt: data.urgency.raisedAt, step: data.urgency.step };
      this.#alerts.set(conversationId, alert);
      this.#emitter.emit('urgent', alert);
      this.#emitter.emit('alerts', this.alerts);
    }
    if (event.type === 'urgent.acknowledged') this.#endAlert(event.conversationId);
    const isOfDesk = event.type === 'urgent.raised' || 'seq' in event;
    if (!isOfDesk) return;
    if (this.#client.state.inbox[event.conversationId] === undefined) this.#unknown.add(event.conversationId);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#catchUp().catch((error: unknown) => this.#emitter.emit('error', errorOf(error)));
    }, settleMs);
  }

  #receiveViewer({ type, conversationId, data }: Extract<ServerEvent, { type: `viewing.${string}` }>): void {
    const viewers = new Map(this.#viewers.get(conversationId));
    if (type === 'viewing.started') viewers.set(data.userId, Date.now() + viewingMs);
    else viewers.delete(data.userId);
    this.#viewers.set(conversationId, viewers);
    this.#emitter.emit('viewers', conversationId);
  }

  /** Fetches the conversations that events have named for the first time, and the counts. */
  async #catchUp(): Promise<void> {
    const ids = [...this.#unknown];
    this.#unknown.clear();
    for (const conversationId of ids) {
      const answer = await this.#client.call(getConversation, { params: { conversationId } });
      if (answer.ok) this.#client.follow([answer.body]);
    }
    for (const view of this.#views) if (view.query.q !== undefined) await view.refresh();
    if (this.#counts !== undefined) await this.loadCounts();
  }

  #changed(): void {
    for (const view of this.#views) view.update();
    for (const alert of this.#alerts.values()) {
      const known = this.#client.knownConversations().find(({ id }) => id === alert.conversationId);
      if (!isAlerting(alert, known)) this.#endAlert(alert.conversationId);
    }
  }

  #endAlert(conversationId: string): void {
    if (this.#alerts.delete(conversationId)) this.#emitter.emit('alerts', this.alerts);
  }

  #refresh(): void {
    const refreshed = [...this.#views].map((view) => view.refresh());
    if (this.#counts !== undefined) refreshed.push(this.loadCounts().then(() => undefined));
    Promise.all(refreshed).catch((error: unknown) => this.#emitter.emit('error', errorOf(error)));
  }
}

/** Separate from the client, because only agents need it. */
export function openDesk(client: ChatClient): Desk {
  return new Desk(client);
}
