import { z } from "zod";

export type NumberBounds = { min: number | null; max: number | null; byDefault: number | null };

/** The bounds and the default that a number's schema sets, also inside `.default()` and `.optional()`. */
export function numberBounds(schema: z.core.$ZodType): NumberBounds {
  if (schema instanceof z.ZodDefault) {
    const { defaultValue } = schema.def;
    return { ...numberBounds(schema.unwrap()), byDefault: typeof defaultValue === "number" ? defaultValue : null };
  }
  if (schema instanceof z.ZodOptional) return numberBounds(schema.unwrap());
  if (schema instanceof z.ZodNumber) return { min: schema.minValue, max: schema.maxValue, byDefault: null };
  return { min: null, max: null, byDefault: null };
}
