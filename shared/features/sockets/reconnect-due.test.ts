import { describe, expect, it } from 'vitest';
import { reconnectDue } from './reconnect-due.ts';

const minute = 60 * 1000;

describe('reconnectDue', () => {
  it('is ten minutes before API Gateway closes the connection', () => {
    expect(reconnectDue({ expiresAt: 300 * minute }, { connectedAt: 1000 })).toBe(1000 + 110 * minute);
  });

  it('is a minute before the token expires if that is earlier', () => {
    expect(reconnectDue({ expiresAt: 15 * minute }, { connectedAt: 0 })).toBe(14 * minute);
  });
});
