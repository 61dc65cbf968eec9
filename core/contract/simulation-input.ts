import { z } from "zod";
import { nameSchema } from "./name.ts";

/** Text that stands in one line of a protocol. */
export const lineText = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\r\n\0]*$/, "no line ends");

/** A client that has connected on an interface and says who writes to whom. `user`: as whom it has logged in. `at`: when. */
export const simulationInputSchema = z.strictObject({
  interface: nameSchema,
  /** Of the listener; null: the first of the interface that takes the client. */
  port: z.int().min(1).max(65_535).nullable().default(null),
  client: z.union([z.ipv4(), z.ipv6()], { error: "expected an IPv4 or IPv6 address" }),
  helo: lineText(255).default("client.example"),
  tls: z.boolean().default(false),
  user: lineText(320).nullable().default(null),
  /** Empty: the null path. */
  sender: lineText(320),
  recipients: z.array(lineText(320).min(1)).min(1).max(100),
  at: z.iso.datetime(),
});
export type SimulationInput = z.infer<typeof simulationInputSchema>;
