import { z } from "zod";
import { nameSchema } from "./name.ts";

const term = z.string().min(1).max(500);

const entryShape = {
  /** What each counted match adds to the score; negative: takes away. */
  weight: z.number().int().min(-1000).max(1000).default(1),
  /** Matches counted at most. */
  max: z.number().int().min(1).max(10_000).optional(),
  /** Counts only with one of these words within so many characters before or after it. */
  near: z
    .strictObject({ words: z.array(term).min(1).max(100), within: z.number().int().min(1).max(1000).default(100) })
    .optional(),
  caseSensitive: z.boolean().default(false),
};

/** word: whole words. phrase: words in order, any blanks between. pattern: RE2. classifier: a predefined one, with its check digits. */
const dictionaryEntrySchema = z
  .strictObject({
    word: term.optional(),
    phrase: term.optional(),
    pattern: z.string().min(1).max(1024).optional(),
    classifier: z.string().min(1).max(50).optional(),
    ...entryShape,
  })
  .refine(
    ({ word, phrase, pattern, classifier }) =>
      [word, phrase, pattern, classifier].filter((given) => given !== undefined).length === 1,
    { message: "use exactly one of word, phrase, pattern, classifier" },
  );

/** Words and number formats that must not leave, or must not come in. The fact `dictionary` names those whose score reaches their threshold. */
export const dictionarySchema = z.strictObject({
  name: nameSchema,
  threshold: z.number().int().min(1).max(1_000_000).default(1),
  /** distinct: the same match twice counts once. */
  count: z.enum(["all", "distinct"]).default("distinct"),
  entries: z.array(dictionaryEntrySchema).min(1).max(10_000),
});
export type Dictionary = z.infer<typeof dictionarySchema>;
export const dictionariesMax = 200;
