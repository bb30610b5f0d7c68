import { once } from 'node:events';
import WebSocket from 'ws';
import { answerFrame, errorFrame, serverEventFrame } from '../../../shared/contract/documents/frames.ts';
import { problemsOfAction } from '../../../shared/contract/documents/problems-of.ts';
import type { Action } from '../../../shared/contract/kit/define-action.ts';
import { actions, serverEvents } from '../../../shared/contract/registry.ts';
import type { TestRun } from '../harness.ts';
import type { Frame, SignedIn } from '../raw-client.ts';
import { complaintsOfProblem, internalDetailsIn, misfits } from './judge.ts';

/** Longer messages are sent in fragments of this size. */
const fragment = 16 * 1024;
const answerWithinMs = 20_000;

export class FuzzSocket {
  readonly #socket: WebSocket;
  readonly #answers: Frame[] = [];
  #complaints: string[] = [];
  #waiting: ((answer: Frame) => void) | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#take(data.toString()));
    socket.on('close', (code) => this.#complain(`the socket was closed with ${code}`));
    socket.on('error', (error) => this.#complain(`the socket failed: ${error.message}`));
  }

  static async open(test: TestRun, who: SignedIn): Promise<FuzzSocket> {
    const socket = new WebSocket(test.run.socketUrl, ['switchboard', `bearer.${who.token}`]);
    const fuzz = new FuzzSocket(socket);
    await once(socket, 'open');
    return fuzz;
  }

  /** Undefined if no answer comes or the socket is closed. */
  async answerTo(text: string): Promise<Frame> {
    if (this.#socket.readyState !== WebSocket.OPEN) return undefined;
    const answered = new Promise<Frame>((resolve) => (this.#waiting = resolve));
    const bytes = Buffer.from(text);
    for (let at = 0; at === 0 || at < bytes.length; at += fragment) {
      const last = at + fragment >= bytes.length;
      this.#socket.send(bytes.subarray(at, at + fragment), { binary: false, fin: last });
    }
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), answerWithinMs);
    });
    const answer: Frame = this.#answers.shift() ?? (await Promise.race([answered, patience]));
    clearTimeout(timer);
    this.#waiting = undefined;
    return answer;
  }

  complaints(): string[] {
    const found = this.#complaints;
    this.#complaints = [];
    return found;
  }

  async close(): Promise<void> {
    this.#socket.removeAllListeners('close');
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  #complain(complaint: string): void {
    this.#complaints.push(complaint);
    this.#waiting?.(undefined);
  }

  #take(text: string): void {
    this.#complaints.push(...internalDetailsIn(text, 'a frame'));
    const frame: Frame = JSON.parse(text);
    if (typeof frame.type !== 'string') return this.#complain(`the platform reported an error: ${text.slice(0, 500)}`);
    const serverEvent = serverEvents.find(({ type }) => type === frame.type);
    if (serverEvent !== undefined) {
      this.#complaints.push(
        ...misfits(serverEventFrame(serverEvent), frame).map((misfit) => `${frame.type} ${misfit}`),
      );
      return;
    }
    if (this.#waiting === undefined) this.#answers.push(frame);
    else this.#waiting(frame);
    this.#waiting = undefined;
  }
}

export function complaintsOfAnswer(action: Action, text: string, answer: Frame): string[] {
  if (answer === undefined) return ['it was not answered'];
  const ref = readableRef(text);
  const complaints = answer.ref === ref ? [] : [`its ref is ${JSON.stringify(answer.ref)}`];
  if (answer.type === 'error') {
    const declared = problemsOfAction(namedAction(text) ?? action);
    return [...complaints, ...misfits(errorFrame, answer), ...complaintsOfProblem(answer.problem, declared)];
  }
  const answered = namedAction(text);
  if (answered === undefined || answered.answer.type !== answer.type) {
    return [...complaints, `${answer.type} is the answer to another action`];
  }
  return [...complaints, ...misfits(answerFrame(answered), answer)];
}

function read(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text).toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function readableRef(text: string): string | undefined {
  const ref = read(text)?.['ref'];
  return typeof ref === 'string' && ref.length <= 128 ? ref : undefined;
}

function namedAction(text: string): Action | undefined {
  return actions.find(({ action }) => action === read(text)?.['action']);
}
