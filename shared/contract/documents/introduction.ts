// CommonMark.

export const httpIntroduction = `Switchboard is a multi-tenant chat system for your own AWS account. This document describes its HTTP API. \`/api/v1/asyncapi.json\` describes the WebSocket at \`/ws\`, and \`/reference\` shows both.

**Sessions.** \`POST /api/v1/auth/login\` returns an access token, which is valid for 15 minutes, and a refresh token, which works once. Send the header \`authorization: Bearer <access token>\`.

**Problems.** The service answers a rejected request with \`application/problem+json\` (RFC 9457). Switch on \`code\`, and show \`detail\` to people. If \`retryable\` is true, repeat the request, after \`retryAfterMs\` if it is present. A resource of another tenant, or of a conversation that you do not take part in, answers exactly like a resource that does not exist.

**Requests.** Bodies are JSON in UTF-8, of at most 160 KiB. The service rejects unknown fields. It stores texts exactly as sent, and rejects values that it cannot store exactly, such as malformed Unicode and numbers beyond double precision. Times may have any offset, and responses have UTC. Every GET route also answers HEAD.

**Responses.** Ignore fields that you do not know: a later version may add some.

**Sending messages.** Generate a \`clientMessageId\` for each message, and repeat the request until you get a response, however late. The service stores the message once and numbers it without gaps in its conversation.

**Lists.** A list returns \`{ items, nextCursor }\`. Send \`nextCursor\` as \`cursor\` to get the next page, until it is null.

**Catching up.** Keep a position for each conversation: the number up to which you know every entry. \`GET /api/v1/sync\` returns the events after your positions, like \`hello\` over the WebSocket. When the \`seq\` of an event is the position plus one, apply the event and raise the position. When it is higher, keep the event, and fetch the missing events before you show it. When it is lower, leave the position as it is.

**Versions of messages.** Events can overtake one another, so ignore the order in which they arrive. Instead, keep two numbers for each message: the version of its content and the version of its reactions. A message has both parts, in the version \`updatedSeq\`. The event \`reaction.updated\` has reactions only, in the version of its own \`updatedSeq\`. Replace each part only with a higher version, whatever its source.

**Pages of messages.** You can also catch up with \`GET /api/v1/conversations/{conversationId}/messages?after=<position>\`. After each page, \`covers.through\` is your new position. A page has messages in their current version, but does not list earlier messages that changed. A number within \`covers\` that is not in \`items\` is an edit, a deletion or a reaction of an earlier message, or an entry that has expired or is hidden from you. So when a page leaves out a number, refresh your messages: read them page by page, from the number before your oldest message to the position, and replace them by their versions.

**Refreshing messages.** A refresh does not move the position. While you read its pages, a new entry may change a message of a page that you have already read. You receive such an entry as an event, or with the next page after the position. If another page leaves out a number before the refresh is complete, restart the refresh. Also refresh after a page of older messages (\`before\`) that you requested before such a page arrived, because it may be older than the change. If \`nextCursor\` is null and \`covers.through\` is lower than the \`seq\` of an event that you have, the entries between have expired: continue at that event.

**Snapshots.** \`snapshot.required\` replaces everything that you have of the conversation: its messages, your position (now \`covers.through\`) and a refresh in progress. Fetch the events after the new position.`;

export const frameIntroduction = `Switchboard is a multi-tenant chat system for your own AWS account. This document describes its WebSocket at \`/ws\`, and the events on the EventBridge bus of the deployment. \`/api/v1/openapi.json\` describes the HTTP API, and \`/reference\` shows both.

**Frames.** A client sends \`{ action, ref, data }\`. The server answers \`{ type, ref, data }\`, or \`{ type: "error", ref, problem }\`, with the \`ref\` of the request. All other frames from the server have no \`ref\`. Ignore types and fields that you do not know.

**Size.** A frame has at most 32 KiB of UTF-8 (\`limits.frameBytes\` in \`welcome\`). API Gateway closes the connection with the code 1009 after a larger frame. Send a message that does not fit over HTTP, which accepts every message that the tenant allows. For example, a text of 10,000 emojis has 40 KB.

**Events.** An event describes a change in a conversation: \`{ v, type, conversationId, seq, at, data }\`. A lasting event has a \`seq\`, its number in the conversation, from 1 without gaps. When a number is missing, fetch the events between. Ignore an event that arrives again. The introduction of the HTTP API describes these rules under **Catching up**.

**Resuming.** After every connect, send \`hello\` with your position in each conversation. The server then sends the events that you missed in \`sync.page\` frames. It finds them by position, never by time.`;
