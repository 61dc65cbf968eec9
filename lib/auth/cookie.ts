import { setting } from "#lib/env.ts";

/** The session cookie's name and attributes: bound to the host and to HTTPS as soon as the console is reached by HTTPS. */
export function sessionCookie() {
  const secure = setting("NEXTAUTH_URL").startsWith("https://");
  const options = { httpOnly: true, sameSite: "lax", path: "/", secure } as const;
  return { name: secure ? "__Host-postern.session" : "postern.session", options };
}
