-- What the release before the backfills added: new columns, empty for every row written so far.
ALTER TABLE Customer ADD COLUMN CountryCode NVARCHAR(2);
ALTER TABLE Customer ADD COLUMN EmailDomain NVARCHAR(60);
ALTER TABLE Customer ADD COLUMN PhoneDigits NVARCHAR(20);
ALTER TABLE Track ADD COLUMN LengthClass NVARCHAR(10);
ALTER TABLE Invoice ADD COLUMN SpendClass NVARCHAR(10);
ALTER TABLE Customer ADD COLUMN LifetimeValue NUMERIC(12,2);
ALTER TABLE Customer ADD COLUMN FirstPurchaseAt DATETIME;
ALTER TABLE Customer ADD COLUMN Invoices INTEGER;
ALTER TABLE Playlist ADD COLUMN Tracks INTEGER;
ALTER TABLE Customer ADD COLUMN SalesRegion NVARCHAR(20);
ALTER TABLE Customer ADD COLUMN VatPercent NUMERIC(5,2);
-- Artists that a second import brought once more, in capitals, with some of their albums.
INSERT INTO Artist (ArtistId, Name) SELECT ArtistId + 1000, upper(Name) || ' ' FROM Artist WHERE ArtistId % 9 = 0;
UPDATE Album SET ArtistId = ArtistId + 1000 WHERE ArtistId % 9 = 0 AND AlbumId % 2 = 0;
-- The style of a track as people typed it, and the table that it is to become.
CREATE TABLE Style (StyleId INTEGER PRIMARY KEY, Name NVARCHAR(120) NOT NULL UNIQUE);
ALTER TABLE Track ADD COLUMN StyleText NVARCHAR(130);
ALTER TABLE Track ADD COLUMN StyleId INTEGER;
UPDATE Track SET StyleText = CASE TrackId % 3 WHEN 0 THEN upper(g.Name) WHEN 1 THEN ' ' || g.Name ELSE lower(g.Name) || '  ' END
FROM Genre AS g WHERE g.GenreId = Track.GenreId AND TrackId % 10 < 7;
-- Totals that a bug made a dollar too much: the lines are right.
UPDATE Invoice SET Total = round(Total + 1, 2) WHERE InvoiceId % 7 = 0;
