import { connect } from '../people.ts';
import type { Frame, RawSocket, SignedIn } from '../raw-client.ts';
import { newMessage } from '../system/new-message.ts';
import { type Audience, audienceWithDead, eventually, expectAnswer, late, newSession, type Walker } from './walker.ts';

/** Throws unless every effect occurs. */
export type OperationWalk = (scene: WalkScene) => Promise<void>;

/** People and sockets of one function's walk, created on first use. */
export class WalkScene {
  readonly walker: Walker;
  readonly #sockets: RawSocket[] = [];
  #audience: Promise<Audience> | undefined;
  #session: Promise<SignedIn> | undefined;
  #socket: Promise<RawSocket> | undefined;
  #group: Promise<{ readonly id: string; readonly third: SignedIn }> | undefined;

  constructor(walker: Walker) {
    this.walker = walker;
  }

  session(): Promise<SignedIn> {
    return (this.#session ??= newSession(this.walker));
  }

  /** One user has a live connection and one that died without a `$disconnect`. */
  audience(): Promise<Audience> {
    return (this.#audience ??= audienceWithDead(this.walker).then((audience) => {
      this.#sockets.push(audience.live);
      return audience;
    }));
  }

  socket(): Promise<RawSocket> {
    return (this.#socket ??= this.audience().then(({ from }) => this.connect(from)));
  }

  group(): Promise<{ readonly id: string; readonly third: SignedIn }> {
    return (this.#group ??= (async () => {
      const [{ from, to }, third] = await Promise.all([this.audience(), newSession(this.walker)]);
      const body = { kind: 'group', name: 'Walkers', participants: [{ userId: to.userId }] };
      const { id } = await this.answer(201, 'POST', '/api/v1/conversations', from, body);
      return { id: id as string, third };
    })());
  }

  async connect(who: SignedIn): Promise<RawSocket> {
    const socket = await connect(this.walker.test, who);
    this.#sockets.push(socket);
    return socket;
  }

  /** Throws unless the answer has the status. */
  answer(status: number, method: string, path: string, who?: SignedIn, body?: unknown): Promise<Frame> {
    return expectAnswer(this.walker, status, method, path, who, body);
  }

  async message(body = newMessage()): Promise<{ readonly path: string; readonly seq: number; readonly sent: Frame }> {
    const { from, id } = await this.audience();
    const path = `/api/v1/conversations/${id}`;
    const sent = await this.answer(201, 'POST', `${path}/messages`, from, body);
    return { path, seq: sent.seq as number, sent };
  }

  async received(matches: (frame: Frame) => boolean): Promise<void> {
    const { live } = await this.audience();
    await Promise.race([live.frame(matches, this.walker.patienceMs), late(this.walker, 'the frame is received')]);
  }

  async request(socket: RawSocket, action: string, data: object): Promise<Frame> {
    const answer = socket.request(action, data, this.walker.patienceMs);
    return Promise.race([answer, late(this.walker, `${action} is answered`)]);
  }

  eventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
    return eventually(this.walker, what, isSo);
  }

  async closed(socket: RawSocket, what: string): Promise<void> {
    await Promise.race([socket.closed(), late(this.walker, what)]);
  }

  async end(): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => socket.close()));
  }
}
