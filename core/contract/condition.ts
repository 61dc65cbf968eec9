import { z } from "zod";
import { type FactName, facts } from "./facts.ts";

const text = z.string().min(1).max(1024);

/** One way to look at a text fact; comparison ignores ASCII case. `like` knows `*` and `?`; `pattern` is RE2, unanchored. */
export const textTestSchema = z
  .strictObject({
    is: z.string().max(1024).optional(),
    in: z.array(text).min(1).max(10_000).optional(),
    like: text.optional(),
    pattern: text.optional(),
    inList: text.optional(),
  })
  .refine(hasOneKey, { message: "use exactly one of is, in, like, pattern, inList" });

const networkTestSchema = z
  .strictObject({ in: z.array(text).min(1).max(10_000).optional(), inList: text.optional() })
  .refine(hasOneKey, { message: "use exactly one of in, inList" });

const bound = z.number().min(-1_000_000).max(Number.MAX_SAFE_INTEGER);

/** Bounds are exclusive. Counts and sizes are whole numbers, scores are not. */
const numberTestSchema = z
  .strictObject({ is: bound.optional(), over: bound.optional(), under: bound.optional() })
  .refine((test) => Object.values(test).some((value) => value !== undefined), { message: "use is, over or under" });

export type TextTest = z.infer<typeof textTestSchema>;
export type NetworkTest = z.infer<typeof networkTestSchema>;
export type NumberTest = z.infer<typeof numberTestSchema>;

const testSchemas = { text: textTestSchema, number: numberTestSchema, network: networkTestSchema } as const;

type FactTests = { [N in FactName]?: z.infer<(typeof testSchemas)[(typeof facts)[N]["kind"]]> | undefined };

/** Everything that stands in one condition must hold: each fact's test, every `all`, at least one of `any`, not one of `none`. */
export type Condition = FactTests & {
  all?: Condition[] | undefined;
  any?: Condition[] | undefined;
  none?: Condition[] | undefined;
};

const factShape = Object.fromEntries(
  Object.entries(facts).map(([name, { kind }]) => [name, testSchemas[kind].optional()]),
);

export const conditionDepthMax = 4;
export const conditionGroupMax = 100;

const group = z
  .lazy((): z.ZodType<Condition> => conditionSchema)
  .array()
  .min(1)
  .max(conditionGroupMax)
  .optional();

export const conditionSchema: z.ZodType<Condition> = z
  .strictObject({ ...factShape, all: group, any: group, none: group })
  .refine((condition) => Object.values(condition).some((value) => value !== undefined), {
    message: "an empty condition: leave out `when` to match everything",
  }) as unknown as z.ZodType<Condition>;

function hasOneKey(test: Record<string, unknown>): boolean {
  return Object.values(test).filter((value) => value !== undefined).length === 1;
}
