// All that the program uses of Node; its whole types would be a further package.
declare const process: { argv: string[] };
