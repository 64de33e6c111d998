import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = `http://127.0.0.1:${process.env.PORT ?? "4600"}`;

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    target: "baseline-widely-available",
    // The content security policy forbids data: URLs for scripts and fonts.
    assetsInlineLimit: 0,
    manifest: true,
  },
  server: {
    host: "127.0.0.1",
    port: 4601,
    strictPort: true,
    proxy: Object.fromEntries(["/trpc", "/media", "/uploads", "/healthz", "/readyz"].map((path) => [path, server])),
  },
});
