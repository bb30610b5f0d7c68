/** Milliseconds since the epoch. */
export function timeOfClientMessageId(clientMessageId: string): number {
  return parseInt(clientMessageId.replace('-', '').slice(0, 12), 16);
}
