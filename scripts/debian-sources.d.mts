export function debianArchives(text: string, isDeb822: boolean): string[];
