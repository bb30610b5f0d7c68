/** The WebSocket beside an API's address. */
export function socketUrlOf(url: string): string {
  return `${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/ws`;
}
