import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

export interface HandshakeRefusal {
  readonly status: number;
  readonly message?: string;
  readonly members?: Readonly<Record<string, unknown>>;
  /** Replaces `{"message":…}`. */
  readonly body?: string;
}

export function refuseUpgrade(socket: Duplex, refusal: HandshakeRefusal): void {
  const body = refusal.body ?? JSON.stringify({ message: refusal.message, ...refusal.members });
  socket.end(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
