import { z } from "zod";

export const densityCookie = "postern-density";

/** compact: 32 px a rule. comfortable: 40 px, the sentence below the name. */
const densitySchema = z.enum(["compact", "comfortable"]).catch("compact");
export type Density = z.infer<typeof densitySchema>;

/** The density that a cookie asks for. */
export function readDensity(value: string | undefined): Density {
  return densitySchema.parse(value);
}
