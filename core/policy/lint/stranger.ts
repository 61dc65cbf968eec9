import type { Facts } from "#core/contract/facts.ts";

/** Who sends a made-up message that rules are tried on: nobody that a policy knows. */
export const stranger: Facts = {
  clientAddress: "192.0.2.1",
  helo: ["mail.unrelated.invalid"],
  tls: [""],
  authUser: [""],
  sender: ["someone@unrelated.invalid"],
  senderDomain: ["unrelated.invalid"],
};
