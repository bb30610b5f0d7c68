import type { VendorAnswer, VendorRequest } from '../../../../local/far-sides/vendor.ts';
import type { CallSystem, NewTicket } from './ticket-system.ts';

/** Calls a vendor of the local run without a network. */
export function callOf(vendor: { answer(request: VendorRequest): VendorAnswer }): CallSystem {
  return ({ method, url, headers, body = '' }) => {
    const { pathname, search } = new URL(url);
    const answer = vendor.answer({ method, path: `${pathname}${search}`, headers, body });
    if (answer.kind === 'reset') return Promise.resolve({ answered: false, error: 'reset' });
    return Promise.resolve({
      answered: true,
      status: answer.status,
      headers: answer.headers ?? {},
      body: answer.body ?? '',
    });
  };
}

export const newTicket: NewTicket = {
  correlation: 'sb-01kaj72n4df7h0j3m6p9r2t5vw',
  summary: 'I cannot log in',
  description: 'My account is locked.',
  fields: { category: 'access' },
  values: { subject: 'I "cannot" log in' },
};

export const marker = `${newTicket.correlation}-000000042`;
