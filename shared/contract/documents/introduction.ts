// What the documents say before the first operation. CommonMark.

export const httpIntroduction = `Multi-tenant chat in your own AWS account. This is the HTTP API; the WebSocket at \`/ws\` is described by \`/api/v1/asyncapi.json\`, and both together at \`/reference\`.

**Sessions.** \`POST /api/v1/auth/login\` answers with an access token, which lives 15 minutes, and a refresh token, which works once. Send \`authorization: Bearer <access token>\`.

**Refusals** are \`application/problem+json\` (RFC 9457). Switch on \`code\`; show \`detail\`; repeat if \`retryable\`, after \`retryAfterMs\` if it is there. A resource of another tenant, or one that you take no part in, answers exactly like one that does not exist.

**Requests** are strict: an unknown field is refused. Bodies are JSON in UTF-8, at most 160 KiB. Texts are stored exactly as sent. A value that cannot be stored exactly (malformed Unicode, a number that a double-precision number cannot represent) is rejected with its pointer. Times may have any offset and are answered in UTC. Every GET route also answers HEAD. **Answers** are open: ignore fields that you do not know.

**Sending.** Give each message a \`clientMessageId\` and repeat the request until there is an answer, however late. The message is stored once, and numbered without gaps in its conversation.

**Lists** are \`{ items, nextCursor }\`; send \`nextCursor\` as \`cursor\` for the next page, until it is null.

**Catching up** needs a position for each conversation: the number up to which you know every entry. \`GET /api/v1/sync\` returns the events after it (as \`hello\` does over the WebSocket). Apply an event whose \`seq\` is the position plus one, and raise the position. Keep an event with a higher \`seq\`, and fetch the missing events before you show it. An event with a lower \`seq\` never moves the position.

**Versions.** Keep two numbers for each message: that of its content and that of its reactions. Events can overtake one another, so ignore the order in which they arrive. A message has both parts, at its \`updatedSeq\`; \`reaction.updated\` has reactions only, at its own \`updatedSeq\`. Replace each part only with one that has a higher number, whatever its source.

**Pages of messages.** \`GET /api/v1/conversations/{conversationId}/messages?after=<position>\` also catches up; \`covers.through\` becomes the position. A page shows messages as they are now. It does not say which earlier messages changed: a number within \`covers\` that is not in \`items\` is an edit, a deletion or a reaction of some earlier message, or an entry that has expired or is not for you. So when a page leaves out a number, refresh your messages: read them page by page, from the number before your oldest message to the position, and replace them by the rule above.

**A refresh does not move the position.** You read its pages one after the other, and an entry written in the meantime may change a message of a page that you have already read. Such entries arrive as events or with the next page after the position. Restart the refresh if another page leaves out a number before it is complete. Also refresh after a page of older messages (\`before\`) that you requested before such a page arrived: it may be older than the change. If \`nextCursor\` is null and \`covers.through\` is lower than the \`seq\` of an event that you have, the entries between have expired: continue at that event.

**Snapshots.** \`snapshot.required\` replaces everything that you know of the conversation: its messages, your position (\`covers.through\`), and a refresh in progress. Fetch the events after it.`;

export const frameIntroduction = `Multi-tenant chat in your own AWS account. This is the WebSocket at \`/ws\`, and the events on the deployment’s EventBridge bus; the HTTP API is described by \`/api/v1/openapi.json\`, and both together at \`/reference\`.

**Frames** have at most 32 KiB of UTF-8 (\`limits.frameBytes\` in \`welcome\`); API Gateway closes the connection with 1009 after a longer one. Send a message that does not fit over HTTP, which accepts every message that the tenant allows: a text of 10,000 emojis has 40 KB. **Frames** to the server are \`{ action, ref, data }\`; it answers with \`{ type, ref, data }\`, or with \`{ type: "error", ref, problem }\`, where \`ref\` is the request’s. All other frames have no \`ref\`. Ignore types and fields that you do not know.

**Events** describe changes in a conversation: \`{ v, type, conversationId, seq, at, data }\`. A lasting server event has \`seq\`, its number in the conversation, from 1 without gaps. When a number is missing, fetch the events between; ignore an event that arrives again. **Catching up** in the HTTP part describes the rules.

**Resuming.** Say \`hello\` with the last \`seq\` seen of each conversation after every connect; \`sync.page\` frames bring what was missed, by position and never by time.`;
