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
