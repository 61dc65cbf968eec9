import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { readTheme, themeAttribute, themeCookie } from "#components/layout/theme.ts";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Postern", template: "%s · Postern" },
  robots: { index: false, follow: false },
};

// What stands at the edges keeps clear of rounded corners and of the bar of the phone by itself.
export const viewport: Viewport = { width: "device-width", initialScale: 1, viewportFit: "cover" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = readTheme((await cookies()).get(themeCookie)?.value);
  return (
    <html lang="en" data-theme={themeAttribute(theme)}>
      <body>{children}</body>
    </html>
  );
}
