import { z } from "zod";

/** An IPv4 or IPv6 address, or one with a prefix length: the exact check is `core/match`'s. */
export const networkText = z.string().min(2).max(64);

/** A DNS name or an IP address. */
export const hostSchema = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[0-9A-Za-z.:_-]+$/, "a host is a DNS name or an IP address");

export const portSchema = z.number().int().min(1).max(65_535);
