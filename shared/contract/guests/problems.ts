import { defineProblem } from '../kit/define-problem.ts';

export const guestsOff = defineProblem({
  name: 'guests-off',
  status: 403,
  title: 'The tenant does not accept guests',
  description: 'The tenant does not accept guests, or does not exist. Log in with an account.',
});
export const invalidProof = defineProblem({
  name: 'invalid-proof',
  status: 401,
  title: 'The proof is not valid',
  description: '`errors` explains which part of the proof to correct. Sign a new proof for each request.',
});
export const proofOfWorkRequired = defineProblem({
  name: 'proof-of-work-required',
  status: 429,
  title: 'Many new guests arrive',
  description:
    'Find a `nonce` for which SHA-256 of the challenge, a dot and the nonce begins with `work.difficulty` zero bits. Then repeat the request with `work` from the same network within 5 minutes. Guests who return do not need this.',
  retryable: true,
});
export const transferCodeInvalid = defineProblem({
  name: 'transfer-code-invalid',
  status: 401,
  title: 'The code is not valid',
  description: 'It is used, older than 10 minutes, or misspelt. Create a new code on the other device.',
});
export const deviceAlreadyGuest = defineProblem({
  name: 'device-already-guest',
  status: 409,
  title: 'This device already belongs to another guest',
  description: 'Make a new key or secret on this device, and repeat the request with it and the same code.',
});
export const deviceRemoved = defineProblem({
  name: 'device-removed',
  status: 403,
  title: 'The guest has moved to another device',
  description:
    'The guest ended the access of this device. Send a `transferCode` from the other device, or begin as a new guest with a new key or secret.',
});
export const guestEnded = defineProblem({
  name: 'guest-ended',
  status: 409,
  title: 'The guest no longer exists',
  description:
    'The guest has become a user, or its data was erased. Log in with the account, or begin as a new guest with a new key or secret.',
});
