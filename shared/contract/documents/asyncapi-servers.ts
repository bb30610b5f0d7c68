export const servers = {
  socket: {
    host: '{host}',
    protocol: 'wss',
    description: 'The host of the HTTP API. A local run uses `ws`.',
    variables: { host: { default: 'localhost:3000', description: 'Host of the deployment' } },
    security: ['subprotocol', 'ticket', 'token'].map((name) => ({ $ref: `#/components/securitySchemes/${name}` })),
  },
  bus: {
    host: 'events.{region}.amazonaws.com',
    protocol: 'eventbridge',
    description: 'The EventBridge bus in the AWS account of the deployment.',
    variables: { region: { default: 'eu-central-1', description: 'Region of the deployment' } },
  },
};

export const socketChannel = {
  address: '/ws',
  title: 'WebSocket',
  description:
    'One connection serves all conversations of a user. Frames are JSON objects of at most 32 KiB, sent as text. Send `hello` first after every connect. The server answers a malformed frame with `error` and keeps the connection open. It may process the frames of a client out of order: wait for the answer if order matters.',
  servers: [{ $ref: '#/servers/socket' }],
  bindings: { ws: { method: 'GET' } },
};

export const busChannel = {
  address: null,
  title: 'Event bus',
  description:
    'The bus delivers every event at least once to each consumer. `detail-type` is the type of the event, and `detail` is the object that this document describes. Events have ids, states and numbers only: no message text and no contact data.',
  servers: [{ $ref: '#/servers/bus' }],
};

export const securitySchemes = {
  subprotocol: {
    type: 'httpApiKey',
    in: 'header',
    name: 'Sec-WebSocket-Protocol',
    description:
      'The subprotocols `switchboard` and `bearer.<access token>`, which browsers can send: `new WebSocket(address, ["switchboard", "bearer." + accessToken])`. The server answers `switchboard`.',
  },
  ticket: {
    type: 'httpApiKey',
    in: 'query',
    name: 'ticket',
    description: 'A ticket from `POST /api/v1/auth/ticket`. It works once, within 30 seconds.',
  },
  token: {
    type: 'httpApiKey',
    in: 'query',
    name: 'token',
    description: 'The access token. Prefer the other two, because URLs end up in logs.',
  },
};
