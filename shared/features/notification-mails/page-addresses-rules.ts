/** The page reads the fragment, which reaches no server and no log. */
export function conversationUrl(page: string, conversationId: string): string {
  return withFragment(page, { conversation: conversationId });
}

/** @param code - signs a guest in on another device, once. */
export function returnUrl(page: string, conversationId: string, code: string | undefined): string {
  return withFragment(page, { conversation: conversationId, ...(code === undefined ? {} : { transferCode: code }) });
}

export function withFragment(page: string, members: Readonly<Record<string, string>>): string {
  return `${page}#${new URLSearchParams(members).toString()}`;
}
