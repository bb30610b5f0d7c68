import * as z from 'zod';
import { stageSettings, type StageSettings } from '../../../lib/settings.ts';
import { everySetting, projectContext } from '../project-context.ts';

export type StageName = 'dev' | 'prod';

export interface SettingVariant {
  readonly name: string;
  readonly stage: StageName;
  /** `undefined` removes a setting. */
  readonly changes: Readonly<Record<string, unknown>>;
}

/** These values differ from those in `cdk.json`. */
const examples: Readonly<Record<string, unknown>> = {
  ...everySetting,
  region: 'us-east-1',
  mailFrom: 'chat@example.org',
  logRetentionDays: 3653,
  pointInTimeRecoveryDays: 35,
  restoredTable: { name: 'switchboard-restored', streamLabel: '2026-11-20T08:30:00.000' },
} satisfies Partial<StageSettings>;

/**
 * The stage as in `cdk.json`, with each setting changed to each of its {@link valuesToTry}, and with every optional
 * setting at once.
 *
 * @throws Error for a setting that has neither listed values nor an example.
 */
export function settingVariants(stage: StageName): readonly SettingVariant[] {
  const base = stageSettings.parse(projectContext.stages[stage]);
  return [
    { name: stage, stage, changes: {} },
    { name: `${stage} with every setting`, stage, changes: everySetting },
    ...Object.entries(stageSettings.shape).flatMap(([setting, schema]) =>
      valuesToTry(setting, schema, examples[setting])
        .filter((value) => JSON.stringify(value) !== JSON.stringify(base[setting as keyof StageSettings]))
        .map((value) => ({
          name: `${stage} with ${setting} ${value === undefined ? 'absent' : JSON.stringify(value)}`,
          stage,
          changes: { [setting]: value },
        })),
    ),
  ];
}

/** Both values of a boolean, presence and absence of an optional part, otherwise the default and the example. */
export function valuesToTry(setting: string, schema: z.core.$ZodType, example: unknown): readonly unknown[] {
  if (schema instanceof z.ZodOptional) return [undefined, ...valuesToTry(setting, schema.unwrap(), example)];
  if (schema instanceof z.ZodDefault) {
    return distinct([schema.parse(undefined), ...valuesToTry(setting, schema.unwrap(), example)]);
  }
  if (schema instanceof z.ZodBoolean) return [true, false];
  if (!z.safeParse(schema, example).success || example === undefined) {
    throw new Error(`The setting "${setting}" has no valid example: add one to test/infrastructure`);
  }
  if (!(schema instanceof z.ZodObject)) return [example];
  const members = example as Readonly<Record<string, unknown>>;
  const changed = Object.entries(schema.shape).flatMap(([member, inner]) =>
    isChoice(inner)
      ? valuesToTry(`${setting}.${member}`, inner, members[member]).map((value) =>
          value === undefined
            ? Object.fromEntries(Object.entries(members).filter(([name]) => name !== member))
            : { ...members, [member]: value },
        )
      : [],
  );
  return distinct([example, ...changed]);
}

/** False for members that vary only with their object. */
function isChoice(schema: z.core.$ZodType): boolean {
  return (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodBoolean ||
    schema instanceof z.ZodObject
  );
}

function distinct(values: readonly unknown[]): readonly unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
