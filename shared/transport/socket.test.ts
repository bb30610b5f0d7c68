import { describe, expect, it } from 'vitest';
import { isRefusal } from '../core/refusal.ts';
import { largestFrame } from '../contract/sockets/frame-limit.ts';
import { readFrame } from './socket.ts';

function read(body: string, isBase64Encoded = false) {
  const { frame, ref } = readFrame({ body, isBase64Encoded });
  return { problem: isRefusal(frame) ? frame.refused.name : undefined, ref };
}

describe('the ref of a frame', () => {
  it('is read from a valid frame', () => {
    expect(read('{"action":"ping","ref":"r1"}')).toEqual({ problem: undefined, ref: 'r1' });
    expect(read('{"action":"ping","ref":""}')).toEqual({ problem: undefined, ref: '' });
    expect(read('{"action":"ping"}')).toEqual({ problem: undefined, ref: undefined });
  });

  it.each([
    ['without an action', '{"ref":"r1"}'],
    ['with an action that is not a string', '{"action":7,"ref":"r1"}'],
    ['with an unknown member', '{"action":"ping","ref":"r1","surprise":true}'],
    ['whose data is a list', '{"action":"ping","ref":"r1","data":[]}'],
  ])('is read from a frame %s', (_, body) => {
    expect(read(body)).toEqual({ problem: 'malformed-frame', ref: 'r1' });
  });

  it('is read from a frame that is too large', () => {
    const padding = 'x'.repeat(largestFrame);
    expect(read(JSON.stringify({ action: 'ping', ref: 'r1', data: { padding } }))).toEqual({
      problem: 'payload-too-large',
      ref: 'r1',
    });
    expect(read(`${padding}x`)).toEqual({ problem: 'payload-too-large', ref: undefined });
  });

  it.each(['', 'nothing', 'null', '"r1"', '["r1"]', '{"ref":7}', '{"ref":{"ref":"r1"}}', '{"ref":null}'])(
    'is undefined in %s',
    (body) => {
      expect(read(body)).toEqual({ problem: 'malformed-frame', ref: undefined });
    },
  );

  it('is read from a frame that is nested too deeply', () => {
    const frame = (levels: number) => `{"action":"ping","ref":"r1","data":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(
      read(`{"action":"ping","ref":"r1","data":{"a":${'['.repeat(30)}${']'.repeat(30)}}}`).problem,
    ).toBeUndefined();
    for (const levels of [32, 5_000, 15_000]) {
      expect(read(frame(levels))).toEqual({ problem: 'malformed-frame', ref: 'r1' });
    }
  });

  it('is read when a number cannot be stored exactly, and the error points to the number', () => {
    const { frame, ref } = readFrame({
      body: '{"action":"message.send","ref":"r1","data":{"metadata":{"id":9007199254740993}}}',
      isBase64Encoded: false,
    });
    expect(frame).toMatchObject({ refused: { name: 'validation-failed' }, errors: [{ pointer: '/data/metadata/id' }] });
    expect(ref).toBe('r1');
  });

  it('is undefined when it is malformed Unicode', () => {
    expect(read('{"action":"ping","ref":"\\ud800"}')).toEqual({ problem: 'malformed-frame', ref: undefined });
  });

  it('is undefined when it is too long', () => {
    const frame = (length: number) => JSON.stringify({ action: 'ping', ref: 'r'.repeat(length) });
    expect(read(frame(128))).toEqual({ problem: undefined, ref: 'r'.repeat(128) });
    expect(read(frame(129))).toEqual({ problem: 'malformed-frame', ref: undefined });
  });
});
