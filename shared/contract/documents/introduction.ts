// What the documents say before the first operation. CommonMark.

export const httpIntroduction = `Multi-tenant chat in your own AWS account. This is the HTTP API; the WebSocket at \`/ws\` is described by \`/api/v1/asyncapi.json\`, and both together at \`/reference\`.

**Sessions.** \`POST /api/v1/auth/login\` answers with an access token, which lives 15 minutes, and a refresh token, which works once. Send \`authorization: Bearer <access token>\`.

**Refusals** are \`application/problem+json\` (RFC 9457). Switch on \`code\`; show \`detail\`; repeat if \`retryable\`, after \`retryAfterMs\` if it is there. A resource of another tenant, or one that you take no part in, answers exactly like one that does not exist.

**Requests** are strict: an unknown field is refused. Bodies are JSON in UTF-8, at most 160 KiB. Texts are kept exactly as they came; what could not be kept so (malformed Unicode, a number that a double-precision number cannot hold) is refused with its pointer. Times may have any offset and are answered in UTC. Whatever answers GET answers HEAD. **Answers** are open: ignore fields that you do not know.

**Sending.** Give each message a \`clientMessageId\` and repeat the request until there is an answer, however late. The message is stored once, and numbered without gaps in its conversation.

**Lists** are \`{ items, nextCursor }\`; send \`nextCursor\` as \`cursor\` for the next page, until it is null.

**Catching up** needs a position for each conversation: the number up to which you know every entry. \`GET /api/v1/sync\` brings the events after it (as \`hello\` does over the WebSocket). Apply an event whose \`seq\` is the position plus one, and raise the position. Keep an event with a higher \`seq\`, and fetch what lies between before you show it. An event with a lower \`seq\` never moves the position.

**Versions.** Keep two numbers for each message: that of its content and that of its reactions. Events can overtake one another, so the order in which they arrive says nothing. A message brings both, at its \`updatedSeq\`; \`reaction.updated\` brings reactions only, at its own \`updatedSeq\`. Replace each part only by one with a higher number, wherever it comes from.

**Pages of messages.** \`GET /api/v1/conversations/{conversationId}/messages?after=<position>\` also catches up; \`covers.through\` becomes the position. A page shows messages as they are now. It does not say which earlier messages changed: a number within \`covers\` that is not in \`items\` is an edit, a deletion or a reaction of some earlier message, or an entry that has expired or is not for you. So when a page leaves out a number, look at your messages again: read them page by page, from the number before your oldest message to the position, and replace them by the rule above.

**The second look moves no position.** Its pages are read one after the other, and an entry written meanwhile may change a message of a page that you have already read. Such entries arrive as events or with the next page after the position. Begin the look again if, while it is under way, another page leaves out a number. After a page of older messages (\`before\`) that you asked for before such a page came, look again too: it may be older than the change. If \`nextCursor\` is null and \`covers.through\` is lower than the \`seq\` of an event that you have, the entries between have expired: continue at that event.

**Snapshots.** \`snapshot.required\` replaces everything that you know of the conversation: its messages, your position (\`covers.through\`), and a second look that is under way. Fetch what came after it.`;

export const frameIntroduction = `Multi-tenant chat in your own AWS account. This is the WebSocket at \`/ws\`, and the events on the deployment’s EventBridge bus; the HTTP API is described by \`/api/v1/openapi.json\`, and both together at \`/reference\`.

**Frames** have at most 32 KiB of UTF-8 (\`limits.frameBytes\` in \`welcome\`); API Gateway closes the connection with 1009 over a longer one. A message that does not fit is sent over HTTP, which takes whatever the tenant allows: a text of 10,000 emojis has 40 KB. **Frames** to the server are \`{ action, ref, data }\`; it answers with \`{ type, ref, data }\`, or with \`{ type: "error", ref, problem }\`, where \`ref\` is the one that was sent. Everything else comes without \`ref\`. Ignore types and fields that you do not know.

**Events** tell of a conversation: \`{ v, type, conversationId, seq, at, data }\`. A lasting event has \`seq\`, its number in the conversation, from 1 without gaps. When a number is missing, fetch what lies between; one that comes again changes nothing. **Catching up** in the HTTP part says exactly how.

**Resuming.** Say \`hello\` with the last \`seq\` seen of each conversation after every connect; \`sync.page\` frames bring what was missed, by position and never by time.`;
