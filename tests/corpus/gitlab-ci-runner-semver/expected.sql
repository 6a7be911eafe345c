UPDATE ci_runners SET semver = substring(version from 'v?([0-9]+\.[0-9]+\.[0-9]+)')
WHERE semver IS NULL AND version ~ '[0-9]+\.[0-9]+\.[0-9]+';
