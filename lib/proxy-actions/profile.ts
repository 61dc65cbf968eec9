import { proxyActionSchema } from "#core/contract/policy-document.ts";
import { type Profile, profileSchema } from "#core/contract/proxy-action-profile.ts";
import { documentDigest } from "#lib/revisions/sign.ts";

type ProfileRow = {
  name: string;
  protocol: string;
  direction: string;
  limits: unknown;
  settings: unknown;
  content: unknown;
};

/** The profile of a proxy action's row; what an older row does not have yet gets its default. */
export function profileFromRow({ name, protocol, direction, limits, settings, content }: ProfileRow): Profile {
  return profileSchema.parse({
    name,
    protocol,
    direction,
    limits,
    content,
    ...(settings === null ? {} : { settings }),
  });
}

/** Tells whether a profile is still the one that an editor began with. */
export function profileDigest(profile: Profile): string {
  return documentDigest(JSON.stringify(profile));
}

/** A profile in which every setting is the default. */
export function defaultProfile(given: Pick<Profile, "name" | "protocol" | "direction">): Profile {
  const { rulesets: _, ...profile } = proxyActionSchema.parse(given);
  return profileSchema.parse(profile);
}
