/** "Jaeger did not build because …", from the last of the program's output and how it ended. */
export function failure(what: string, tail: string, how: string): string;
