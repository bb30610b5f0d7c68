// What the documents say before the first operation. CommonMark.

export const httpIntroduction = `Multi-tenant chat in your own AWS account. This is the HTTP API; the WebSocket at \`/ws\` is described by \`/api/v1/asyncapi.json\`, and both together at \`/reference\`.

**Sessions.** \`POST /api/v1/auth/login\` answers with an access token, which lives 15 minutes, and a refresh token, which works once. Send \`authorization: Bearer <access token>\`.

**Refusals** are \`application/problem+json\` (RFC 9457). Switch on \`code\`; show \`detail\`; repeat if \`retryable\`, after \`retryAfterMs\` if it is there. A resource of another tenant, or one that you take no part in, answers exactly like one that does not exist.

**Requests** are strict: an unknown field is refused. Bodies are JSON in UTF-8, at most 64 KiB. **Answers** are open: ignore fields that you do not know.

**Sending.** Give each message a \`clientMessageId\` and repeat the request until there is an answer, however late. The message is stored once, and numbered without gaps in its conversation.

**Lists** are \`{ items, nextCursor }\`; send \`nextCursor\` as \`cursor\` for the next page, until it is null.`;

export const frameIntroduction = `Multi-tenant chat in your own AWS account. This is the WebSocket at \`/ws\`, and the events on the deployment’s EventBridge bus; the HTTP API is described by \`/api/v1/openapi.json\`, and both together at \`/reference\`.

**Frames** to the server are \`{ action, ref, data }\`; it answers with \`{ type, ref, data }\`, or with \`{ type: "error", ref, problem }\`, where \`ref\` is the one that was sent. Everything else comes without \`ref\`. Ignore types and fields that you do not know.

**Events** tell of a conversation: \`{ v, type, conversationId, seq, at, data }\`. A lasting event has \`seq\`, its number in the conversation, from 1 without gaps. When a number is missing, fetch what lies between; when one comes again, ignore it.

**Resuming.** Say \`hello\` with the last \`seq\` seen of each conversation after every connect; \`sync.page\` frames bring what was missed, by position and never by time.`;
