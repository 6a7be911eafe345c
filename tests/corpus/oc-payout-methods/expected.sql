-- ignore: PayoutMethods.id
-- ignore: Expenses.PayoutMethodId
-- json: PayoutMethods.data
INSERT INTO "PayoutMethods" (type, data, "CollectiveId", "CreatedByUserId", "createdAt", "updatedAt")
SELECT 'PAYPAL', json_build_object('email', "paypalEmail"), "CollectiveId", id, :now, :now FROM "Users" WHERE "paypalEmail" IS NOT NULL AND "CollectiveId" IS NOT NULL AND "deletedAt" IS NULL;
