import fc from 'fast-check';
import { requestFrame } from '../../../shared/contract/documents/frames.ts';
import type { SchemaWriter } from '../../../shared/contract/documents/json-schema.ts';
import type { Action } from '../../../shared/contract/kit/define-action.ts';
import { largestFrame } from '../../../shared/contract/sockets/frame-limit.ts';
import { acceptedJson } from './accepted-values.ts';
import { canary, hostileJson, hostileText } from './hostile-values.ts';
import { jsonText } from './json-text.ts';
import type { ExistingValues } from './existing-values.ts';
import { mutated } from './mutations.ts';
import { ValidValues } from './valid-values.ts';

/** API Gateway's limit for a message. A frame may have a quarter of it. */
const largestMessage = 128 * 1024;

export function acceptedFramesOf(action: Action, writer: SchemaWriter, existing: ExistingValues): fc.Arbitrary<string> {
  const schema = requestFrame(action);
  const made = new ValidValues(writer.components, existing).of(writer.write(schema));
  return acceptedJson(made, schema, largestFrame);
}

export function framesOf(action: Action, writer: SchemaWriter, existing: ExistingValues): fc.Arbitrary<string> {
  const good = new ValidValues(writer.components, existing).of(writer.write(requestFrame(action)));
  const noFrame = fc.oneof(
    fc.constantFrom('', ' ', '{', '[]', 'null', '7', '"ping"', '{}', '[{"action":"ping"}]', '\ufeff{}', canary),
    hostileText,
    hostileJson.map(jsonText),
  );
  const padding = fc.tuple(good, fc.integer({ min: 32_000, max: 60_000 })).map(([frame, length]) => {
    const { data, ...rest } = frame as Record<string, unknown>;
    return jsonText({ ...rest, data: { ...(data as object | undefined), padding: 'x'.repeat(length) } });
  });
  return fc
    .oneof(
      { arbitrary: acceptedFramesOf(action, writer, existing), weight: 20 },
      { arbitrary: good.map(jsonText), weight: 20 },
      { arbitrary: mutated(good).map(jsonText), weight: 48 },
      { arbitrary: noFrame, weight: 10 },
      { arbitrary: padding, weight: 1 },
    )
    .filter((text) => Buffer.byteLength(text) <= largestMessage);
}
