// The parts of the AsyncAPI document that do not come from the registry: where the frames travel.

export const servers = {
  socket: {
    host: '{host}',
    protocol: 'wss',
    description: 'The host of the HTTP API. A local run speaks `ws`.',
    variables: { host: { default: 'localhost:3000', description: 'Where the service is deployed' } },
    security: ['subprotocol', 'ticket', 'token'].map((name) => ({ $ref: `#/components/securitySchemes/${name}` })),
  },
  bus: {
    host: 'events.{region}.amazonaws.com',
    protocol: 'eventbridge',
    description: 'The EventBridge bus in the account of the deployment.',
    variables: { region: { default: 'eu-central-1', description: 'Region of the deployment' } },
  },
};

export const socketChannel = {
  address: '/ws',
  title: 'WebSocket',
  description:
    'One socket for all conversations of a user. Frames are JSON objects of at most 32 KiB, as text. A malformed frame is answered with `error` and never closes the socket. Say `hello` first, and after every reconnect. Frames of one client may be processed out of order: wait for the answer where order matters.',
  servers: [{ $ref: '#/servers/socket' }],
  bindings: { ws: { method: 'GET' } },
};

export const busChannel = {
  address: null,
  title: 'Event bus',
  description:
    'Every lasting change, at least once to each consumer. `detail-type` is the event’s type; `detail` is what is shown here: ids and facts only, no message text, no contact data.',
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
    description: 'A ticket from `POST /api/v1/auth/ticket`. It works once, for 30 seconds.',
  },
  token: {
    type: 'httpApiKey',
    in: 'query',
    name: 'token',
    description: 'The access token. Addresses end up in logs: prefer the other two.',
  },
};
