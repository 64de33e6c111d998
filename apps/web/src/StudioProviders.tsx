import { QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { createQueryClient } from "./live/createQueryClient.ts";
import { createLive } from "./live/createLive.ts";
import { LiveProvider } from "./live/LiveProvider.tsx";
import { createStudioClient, trpc } from "./trpc.ts";
import type { ReactNode } from "react";

/** Everything a screen needs around it: the query cache, the tRPC client, and the live feed that writes to the cache. */
export function StudioProviders({ children, url }: { readonly children: ReactNode; readonly url?: string }) {
  const [{ queryClient, live, client }] = useState(() => openStudio(url));
  return (
    <trpc.Provider client={client} queryClient={queryClient}>
      <QueryClientProvider client={queryClient}>
        <LiveProvider live={live}>{children}</LiveProvider>
      </QueryClientProvider>
    </trpc.Provider>
  );
}

function openStudio(url: string | undefined) {
  const queryClient = createQueryClient();
  const live = createLive(queryClient);
  const client = createStudioClient({ ...(url === undefined ? {} : { url }), streamFailed: live.hub.streamFailed });
  return { queryClient, live, client };
}
