import { redirect } from "next/navigation";
import { requireSession } from "#lib/auth/session.ts";

export default async function InspectionIndex() {
  await requireSession();
  redirect("/inspection/scanners");
}
