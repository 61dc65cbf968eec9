import { z } from "zod";

/** A name that people give: 1 to 100 characters, no control characters, no blanks at the ends. */
export const nameSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^(?!\s)[^\p{Cc}\p{Cf}]+(?<!\s)$/u, "a name has no control characters and no blanks at its ends");
